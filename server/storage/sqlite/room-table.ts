import type { Database, Statement } from 'better-sqlite3';

import { partsOf, type RoomKey } from '../../domain/room-key.js';
import { type RoomHead, StorageError } from '../../domain/storage.js';
import { Epochs } from './database-secrets.js';

export interface RoomRow extends RoomHead {
  readonly id: number;
}

/**
 * The rooms themselves, each with its epoch and its timeline's end. A room comes into being at its
 * first append.
 */
export class RoomTable {
  readonly #now: () => number;
  readonly #epochs: Epochs;
  readonly #select: Statement<[site: string, name: string], RoomRow>;
  readonly #insert: Statement<
    [
      {
        readonly site: string;
        readonly name: string;
        readonly epoch: string;
        readonly seq: number;
        readonly at: number;
      },
    ],
    number
  >;
  readonly #advance: Statement<[to: number, site: string, name: string, from: number], number>;

  constructor(database: Database, now: () => number) {
    this.#now = now;
    this.#epochs = new Epochs(database);
    this.#select = database.prepare(
      'SELECT id, title, epoch, seq, floor, redactions FROM room WHERE site = ? AND name = ?',
    );
    this.#insert = database
      .prepare<[{ site: string; name: string; epoch: string; seq: number; at: number }], number>(
        `INSERT INTO room (site, name, title, epoch, seq, created_at)
         SELECT id, @name, @name, @epoch, @seq, @at FROM site WHERE id = @site RETURNING id`,
      )
      .pluck();
    this.#advance = database
      .prepare<[number, string, string, number], number>(
        'UPDATE room SET seq = ? WHERE site = ? AND name = ? AND seq = ? RETURNING id',
      )
      .pluck();
  }

  /** The row of a room; undefined where nothing was ever appended to it. */
  find(key: RoomKey): RoomRow | undefined {
    const { site, room } = partsOf(key);
    return this.#select.get(site, room);
  }

  /** How a room stands that has no row. */
  untouched(key: RoomKey): RoomHead {
    return { epoch: this.#epochs.of(key), seq: 0, floor: 0, redactions: 0, title: partsOf(key).room };
  }

  head(key: RoomKey): RoomHead {
    const row = this.find(key);
    if (!row) return this.untouched(key);
    const { epoch, seq, floor, redactions, title } = row;
    return { epoch, seq, floor, redactions, title };
  }

  /** The ends of those that have a row. */
  heads(keys: readonly RoomKey[]): Map<RoomKey, Pick<RoomHead, 'epoch' | 'seq'>> {
    const heads = new Map<RoomKey, Pick<RoomHead, 'epoch' | 'seq'>>();
    for (const key of keys) {
      const row = this.find(key);
      if (row) heads.set(key, { epoch: row.epoch, seq: row.seq });
    }
    return heads;
  }

  /**
   * Moves the timeline's end; of a room that was not there, from 0.
   *
   * @returns the room's number.
   * @throws StorageError where it was not at `from`, because somebody else appended, or where there
   *   is no such site.
   */
  advance(key: RoomKey, from: number, to: number): number {
    const { site, room } = partsOf(key);
    const id = this.#advance.get(to, site, room, from);
    if (id !== undefined) return id;
    if (from === 0 && !this.find(key)) return this.#create(key, to);
    throw new StorageError(`The timeline of ${key} is not at ${from}: somebody else appended.`);
  }

  /**
   * The number of a room, which comes into being where it is new.
   * @throws StorageError where there is no such site.
   */
  require(key: RoomKey): number {
    return this.find(key)?.id ?? this.#create(key, 0);
  }

  #create(key: RoomKey, seq: number): number {
    const { site, room: name } = partsOf(key);
    const id = this.#insert.get({ site, name, epoch: this.#epochs.of(key), seq, at: this.#now() });
    if (id === undefined) throw new StorageError(`There is no site ${site}, so it can have no room ${name}.`);
    return id;
  }
}
