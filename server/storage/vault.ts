import { randomBytes } from 'node:crypto';

import { StorageError } from '../domain/storage.js';
import { SALT_BYTES, Sealing } from './sealing.js';

const PROBE = Buffer.from('chalk-talk');
const PROBE_LABEL = 'vault';

/** What a database keeps so that its secrets can be opened by the operator's, and by no other. */
export interface Vault {
  readonly salt: Uint8Array;
  readonly probe: Uint8Array;
}

/** For a database that has none. */
export function newVault(secretKey: string): Vault {
  const salt = randomBytes(SALT_BYTES);
  return { salt, probe: new Sealing(secretKey, salt).seal(PROBE, PROBE_LABEL) };
}

/** @throws StorageError where the secret key is not the one that the vault was made with. */
export function sealingOf({ salt, probe }: Vault, secretKey: string): Sealing {
  const sealing = new Sealing(secretKey, salt);
  try {
    sealing.open(probe, PROBE_LABEL);
    return sealing;
  } catch (fault) {
    throw new StorageError('SECRET_KEY is not the one that sealed the keys in this database.', { cause: fault });
  }
}
