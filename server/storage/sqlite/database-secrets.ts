import type { Database, Statement } from 'better-sqlite3';

import { partsOf, type RoomKey } from '../../domain/room-key.js';
import { epochOf } from '../epoch.js';
import { newVault, type Sealing, sealingOf, type Vault } from '../sealing.js';

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

/** The epochs of rooms that nothing was appended to yet, which keep no row; see epochOf. */
export class Epochs {
  readonly #seed: Uint8Array;
  readonly #nonce: Statement<[site: string], Uint8Array>;

  constructor(database: Database) {
    this.#seed = database.prepare<[], Uint8Array>('SELECT seed FROM epoch_seed').pluck().get() ?? new Uint8Array();
    this.#nonce = database.prepare<[string], Uint8Array>('SELECT nonce FROM site WHERE id = ?').pluck();
  }

  /** The epoch that the room has, and will have from its first append on. */
  of(room: RoomKey): string {
    return epochOf(this.#seed, this.#nonce.get(partsOf(room).site), room);
  }
}
