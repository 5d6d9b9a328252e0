import type { Database, Statement } from 'better-sqlite3';

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
  readonly #advance: Statement<[seq: number, id: number, from: number]>;
  readonly #createAll: (rooms: readonly RoomKey[]) => void;

  constructor(database: Database, now: () => number) {
    this.#now = now;
    this.#select = database.prepare('SELECT id, title, epoch, seq FROM room WHERE site = ? AND name = ?');
    this.#insert = database.prepare(
      'INSERT INTO room (site, name, title, epoch, seq, created_at) VALUES (?, ?, ?, ?, 0, ?)',
    );
    this.#advance = database.prepare('UPDATE room SET seq = ? WHERE id = ? AND seq = ?');
    this.#createAll = database.transaction((rooms: readonly RoomKey[]) => {
      for (const key of rooms) {
        const { site, room } = partsOf(key);
        this.#insert.run(site, room, room, randomId(EPOCH_LENGTH), this.#now());
      }
    }).immediate;
  }

  find(key: RoomKey): RoomRow | undefined {
    const { site, room } = partsOf(key);
    return this.#select.get(site, room);
  }

  /** The rows of these rooms, in the same order; those that are new come into being, in one transaction. */
  findOrCreate(keys: readonly RoomKey[]): readonly RoomRow[] {
    const absent = keys.filter(key => !this.find(key));
    if (absent.length > 0) this.#createAll(absent);
    return keys.map(key => this.require(key));
  }

  /** The timeline's end, of a room that comes into being where it is new. */
  head(key: RoomKey): RoomRow {
    if (!this.find(key)) this.#createAll([key]);
    return this.require(key);
  }

  /**
   * Moves the timeline's end.
   *
   * @throws StorageError where it was not at `from`: somebody else appended.
   */
  advance(key: RoomKey, from: number, to: number): RoomRow {
    const room = this.require(key);
    if (this.#advance.run(to, room.id, from).changes !== 1) {
      throw new StorageError(`The timeline of ${key} is at ${room.seq}, not at ${from}.`);
    }
    return room;
  }

  /** @throws StorageError where there is no such room. */
  require(key: RoomKey): RoomRow {
    const room = this.find(key);
    if (!room) throw new StorageError(`There is no room ${key}.`);
    return room;
  }
}
