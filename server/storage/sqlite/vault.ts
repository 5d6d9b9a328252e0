import { randomBytes } from 'node:crypto';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { SALT_BYTES, Sealing } from '../sealing.js';

const PROBE = Buffer.from('chalk-talk');
const PROBE_LABEL = 'vault';

interface VaultRow {
  readonly salt: Uint8Array;
  readonly probe: Uint8Array;
}

/**
 * The sealing of this database; made at the first opening.
 *
 * @throws StorageError where the secret key is not the one that sealed it.
 */
export function openVault(database: Database, secretKey: string): Sealing {
  const row = database.prepare<[], VaultRow>('SELECT salt, probe FROM vault').get();
  if (row) {
    const sealing = new Sealing(secretKey, row.salt);
    try {
      sealing.open(row.probe, PROBE_LABEL);
      return sealing;
    } catch (fault) {
      throw new StorageError('SECRET_KEY is not the one that sealed the keys in this database.', { cause: fault });
    }
  }
  const salt = randomBytes(SALT_BYTES);
  const sealing = new Sealing(secretKey, salt);
  database.prepare('INSERT INTO vault (id, salt, probe) VALUES (1, ?, ?)').run(salt, sealing.seal(PROBE, PROBE_LABEL));
  return sealing;
}
