import { createHmac } from 'node:crypto';

import type { Database, Statement } from 'better-sqlite3';

import { partsOf, type RoomKey } from '../../domain/room-key.js';

/** Characters of an epoch. */
const EPOCH_LENGTH = 16;

/**
 * The epochs of rooms that nothing was appended to yet, which keep no row: each is derived from the seed of the database, what
 * its site was made with, and the room's key. So it stays from call to call and from start to start, and is another one after
 * a restore, and after the site was removed and made again.
 */
export class Epochs {
  readonly #seed: Uint8Array;
  readonly #nonce: Statement<[site: string], Uint8Array>;

  constructor(database: Database) {
    this.#seed = database.prepare<[], Uint8Array>('SELECT seed FROM epoch_seed').pluck().get() ?? new Uint8Array();
    this.#nonce = database.prepare<[string], Uint8Array>('SELECT nonce FROM site WHERE id = ?').pluck();
  }

  /** The epoch that the room has, and will have from its first append on. */
  of(room: RoomKey): string {
    const nonce = this.#nonce.get(partsOf(room).site) ?? new Uint8Array();
    const hash = createHmac('sha256', this.#seed).update(nonce).update('/').update(room).digest('base64url');
    return hash.slice(0, EPOCH_LENGTH);
  }
}
