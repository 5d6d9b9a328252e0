import type { Database, Statement, Transaction } from 'better-sqlite3';

import { partsOf } from '../../domain/room-key.js';
import type { AcceptedCommand } from '../../domain/storage.js';
import { ACCEPTED_LASTS } from '../storage-driver.js';
import { type Bit, bit, type EventRow } from '../rows.js';
import { EffectWriter } from './effect-writer.js';
import type { AppendedRows } from './packed-turn.js';
import type { RoomTable } from './room-table.js';
import type { UsageTable } from './usage-table.js';
import { UsageTally } from '../usage-tally.js';

/**
 * Commands past that are forgotten a few at each commit, so that it never takes long: at least this
 * many.
 */
const FORGET_AT_LEAST = 100;

/** Appends what a turn leads to: the log and what it adds up to, in one transaction. */
export class TurnCommitter {
  readonly #rooms: RoomTable;
  readonly #usage: UsageTable;
  readonly #effects: EffectWriter;
  readonly #now: () => number;
  // By place: by name each costs half as much again, and there is one for every event.
  readonly #event: Statement<
    [
      room: number,
      seq: number,
      prev: number,
      at: number,
      waited: number,
      author: number,
      command: string,
      payload: EventRow['payload'],
    ]
  >;
  readonly #accepted: Statement<
    [room: number, person: string, id: string, digest: string, seq: number, undoable: Bit, at: number]
  >;
  readonly #oldest: Statement<[], number>;
  readonly #prune: Statement<[before: number, limit: number]>;
  readonly #redate: Statement<[at: number, limit: number]>;
  readonly #all: Transaction<(appends: readonly AppendedRows[]) => void>;

  constructor(database: Database, rooms: RoomTable, usage: UsageTable, now: () => number) {
    this.#rooms = rooms;
    this.#usage = usage;
    this.#effects = new EffectWriter(database);
    this.#now = now;
    this.#event = database.prepare(
      `INSERT INTO event (room, seq, prev, at, waited, author, command, payload)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#accepted = database.prepare(
      'INSERT INTO accepted (room, person, id, digest, seq, undoable, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#oldest = database.prepare<[], number>('SELECT at FROM accepted ORDER BY number LIMIT 1').pluck();
    this.#prune = database.prepare(
      `DELETE FROM accepted WHERE at < ? AND number IN (SELECT number FROM accepted ORDER BY number LIMIT ?)`,
    );
    this.#redate = database.prepare(
      `UPDATE accepted SET at = min(at, ?) WHERE number IN (SELECT number FROM accepted ORDER BY number LIMIT ?)`,
    );
    this.#all = database.transaction((appends: readonly AppendedRows[]) => this.#commit(appends));
  }

  /**
   * @throws StorageError where a timeline is not where the turn found it, or the rows are not what
   *   the events speak of.
   */
  commit(appends: readonly AppendedRows[]): void {
    this.#all.immediate(appends);
  }

  #commit(appends: readonly AppendedRows[]): void {
    const tally = new UsageTally();
    let accepted = 0;
    const now = this.#now();
    for (const append of appends) {
      const room = this.#append(append, tally);
      for (const command of append.accepted) this.#accept(room, command, now);
      accepted += append.accepted.length;
    }
    this.#usage.add(tally.counts);
    this.#forget(now - ACCEPTED_LASTS, accepted);
  }

  /**
   * Forgets commands that were accepted before `before`: more than came in, so that it catches up.
   */
  #forget(before: number, cameIn: number): void {
    const oldest = this.#oldest.get() ?? before;
    const few = Math.max(FORGET_AT_LEAST, 2 * cameIn);
    if (oldest < before) this.#prune.run(before, few);
    // A clock was set back since: until it is that late again nothing would be forgotten.
    else if (oldest > before + ACCEPTED_LASTS) this.#redate.run(before + ACCEPTED_LASTS, few);
  }

  /** @returns the room's number. */
  #append({ room: key, events }: AppendedRows, tally: UsageTally): number {
    const first = events[0];
    const last = events.at(-1);
    if (!first || !last) return this.#rooms.require(key);
    const room = this.#rooms.advance(key, first.row.prev, last.row.seq);
    const { site } = partsOf(key);
    for (const { row, effects } of events) {
      const { seq, prev, at, waited, author, command, payload } = row;
      this.#event.run(room, seq, prev, at, waited, author, command, payload);
      tally.count(site, effects, payload.length);
      for (const effect of effects) this.#effects.write(room, effect);
    }
    return room;
  }

  #accept(room: number, { person, id, digest, seq, undoable }: AcceptedCommand, now: number): void {
    this.#accepted.run(room, person, id, digest, seq, bit(undoable), now);
  }
}
