import type { Database, Statement, Transaction } from 'better-sqlite3';

import { randomId } from '../../../protocol/names.js';
import { partsOf, type RoomKey } from '../../domain/room-key.js';
import { StorageError } from '../../domain/storage.js';

export interface RoomRow {
  readonly id: number;
  readonly title: string;
  readonly epoch: string;
  /** The timeline's end. */
  readonly seq: number;
}

/** Characters of an epoch. */
const EPOCH_LENGTH = 16;

/** The rooms themselves, each with its epoch and its timeline's end. */
export class RoomTable {
  readonly #now: () => number;
  readonly #select: Statement<[site: string, name: string], RoomRow>;
  readonly #insert: Statement<[site: string, name: string, title: string, epoch: string, at: number]>;
  readonly #advance: Statement<[to: number, site: string, name: string, from: number], number>;
  readonly #createAll: Transaction<(rooms: readonly RoomKey[]) => void>;

  constructor(database: Database, now: () => number) {
    this.#now = now;
    this.#select = database.prepare('SELECT id, title, epoch, seq FROM room WHERE site = ? AND name = ?');
    this.#insert = database.prepare(
      'INSERT INTO room (site, name, title, epoch, seq, created_at) VALUES (?, ?, ?, ?, 0, ?)',
    );
    this.#advance = database
      .prepare<[number, string, string, number], number>(
        'UPDATE room SET seq = ? WHERE site = ? AND name = ? AND seq = ? RETURNING id',
      )
      .pluck();
    this.#createAll = database.transaction((rooms: readonly RoomKey[]) => {
      for (const key of rooms) {
        const { site, room } = partsOf(key);
        this.#insert.run(site, room, room, randomId(EPOCH_LENGTH), this.#now());
      }
    });
  }

  find(key: RoomKey): RoomRow | undefined {
    const { site, room } = partsOf(key);
    return this.#select.get(site, room);
  }

  /** The rows of these rooms, in the same order; those that are new come into being, in one transaction. */
  findOrCreate(keys: readonly RoomKey[]): readonly RoomRow[] {
    const found = keys.map(key => this.find(key));
    const absent = keys.filter((_, index) => !found[index]);
    if (absent.length > 0) this.#createAll.immediate(absent);
    return keys.map((key, index) => found[index] ?? this.require(key));
  }

  /** The timeline's end, of a room that comes into being where it is new. */
  head(key: RoomKey): RoomRow {
    if (!this.find(key)) this.#createAll.immediate([key]);
    return this.require(key);
  }

  /**
   * Moves the timeline's end.
   *
   * @returns the room's number.
   * @throws StorageError where it was not at `from`: somebody else appended.
   */
  advance(key: RoomKey, from: number, to: number): number {
    const { site, room } = partsOf(key);
    const id = this.#advance.get(to, site, room, from);
    if (id === undefined) throw new StorageError(`The timeline of ${key} is not at ${from}: somebody else appended.`);
    return id;
  }

  /** @throws StorageError where there is no such room. */
  require(key: RoomKey): RoomRow {
    const room = this.find(key);
    if (!room) throw new StorageError(`There is no room ${key}.`);
    return room;
  }
}
