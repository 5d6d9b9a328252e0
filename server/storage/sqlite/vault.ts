import type { Database } from 'better-sqlite3';

import type { Sealing } from '../sealing.js';
import { newVault, sealingOf, type Vault } from '../vault.js';

/**
 * The sealing of this database; made at the first opening.
 *
 * @throws StorageError where the secret key is not the one that sealed it.
 */
export function openVault(database: Database, secretKey: string): Sealing {
  const row = database.prepare<[], Vault>('SELECT salt, probe FROM vault').get();
  if (row) return sealingOf(row, secretKey);
  const vault = newVault(secretKey);
  database.prepare('INSERT INTO vault (id, salt, probe) VALUES (1, ?, ?)').run(vault.salt, vault.probe);
  return sealingOf(vault, secretKey);
}
