import type { Database, Statement, Transaction } from 'better-sqlite3';

import type { RoomKey } from '../../domain/room-key.js';
import type { ReadMark } from '../read-mark-batch.js';
import type { RoomTable } from './room-table.js';

/** How far each person has read. */
export class ReadPositionTable {
  readonly #rooms: RoomTable;
  readonly #get: Statement<[room: number, person: string], number>;
  readonly #put: Statement<[person: string, seq: number, room: number]>;
  readonly #all: Transaction<(marks: readonly ReadMark[]) => void>;

  constructor(database: Database, rooms: RoomTable) {
    this.#rooms = rooms;
    this.#get = database
      .prepare<[number, string], number>('SELECT seq FROM read_position WHERE room = ? AND person = ?')
      .pluck();
    this.#put = database.prepare(
      `INSERT INTO read_position (room, person, seq) SELECT id, ?, min(?, seq) FROM room WHERE id = ?
       ON CONFLICT (room, person) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq`,
    );
    this.#all = database.transaction((marks: readonly ReadMark[]) => {
      for (const { room, person, seq } of marks) {
        const row = this.#rooms.find(room);
        if (row) this.#put.run(person, seq, row.id);
      }
    });
  }

  /**
   * Moves positions forward, all in one transaction; never back, and never past the timeline's end.
   */
  mark(marks: readonly ReadMark[]): void {
    this.#all.immediate(marks);
  }

  of(key: RoomKey, person: string): number {
    const room = this.#rooms.find(key);
    return (room && this.#get.get(room.id, person)) ?? 0;
  }
}
