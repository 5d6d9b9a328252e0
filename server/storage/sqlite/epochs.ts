import type { Database, Statement } from 'better-sqlite3';

import { partsOf, type RoomKey } from '../../domain/room-key.js';
import { epochOf } from '../epoch.js';

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
