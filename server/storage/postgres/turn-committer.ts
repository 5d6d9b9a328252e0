import { partsOf, type RoomKey } from '../../domain/room-key.js';
import { type AcceptedCommand, type Append, StorageError } from '../../domain/storage.js';
import { type Bit, bit, type EventRow, eventRowOf } from '../rows.js';
import { UsageTally } from '../usage-tally.js';
import { columnsOf } from './columns.js';
import { EffectWriter } from './effect-writer.js';
import { type HeldRoom, NOWHERE, type OfRoom, finishReserved } from './held-rooms.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';
import { addUsage } from './usage-table.js';

type Numbers = readonly number[];
type Texts = readonly string[];

const advance = statement<[ids: Numbers, seqs: Numbers]>(
  `UPDATE room SET seq = moved.seq FROM unnest($1::bigint[], $2::bigint[]) AS moved (id, seq) WHERE room.id = moved.id`,
);

const insertEvents = statement<
  [
    rooms: Numbers,
    seqs: Numbers,
    prevs: Numbers,
    ats: Numbers,
    waits: Numbers,
    authors: Numbers,
    commands: Texts,
    payloads: Texts,
  ]
>(
  `INSERT INTO event (room, seq, prev, at, waited, author, command, payload)
   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::text[],
     $8::text[])`,
);

const insertAccepted = statement<
  [rooms: Numbers, persons: Texts, ids: Texts, digests: Texts, seqs: Numbers, undoables: Numbers, at: number]
>(
  `INSERT INTO accepted (room, person, id, digest, seq, undoable, at)
   SELECT *, $7::bigint FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::integer[])`,
);

/**
 * Appends what a turn leads to: the log and what it adds up to, in the transaction that holds its
 * rooms.
 */
export class TurnCommitter {
  readonly #transaction: Transaction;
  readonly #held: ReadonlyMap<RoomKey, HeldRoom>;
  readonly #now: number;
  readonly #effects: EffectWriter;
  readonly #tally = new UsageTally();
  /** How far this turn has moved the timeline of each room. */
  readonly #ends = new Map<HeldRoom, number>();
  readonly #events: (EventRow & OfRoom)[] = [];
  readonly #accepted: (Omit<AcceptedCommand, 'undoable'> & { readonly room: number; readonly undoable: Bit })[] = [];

  /** @param now server time in milliseconds since 1970 */
  constructor(transaction: Transaction, held: ReadonlyMap<RoomKey, HeldRoom>, now: number) {
    this.#transaction = transaction;
    this.#held = held;
    this.#now = now;
    this.#effects = new EffectWriter(transaction);
  }

  /**
   * @throws StorageError where a timeline is not where the turn found it, or the rows are not what
   *   the events speak of: nothing is kept then. AnswerLostError where that is not known
   */
  async commit(appends: readonly Append[]): Promise<void> {
    // One that is new as well keeps its row, which holds the epoch.
    for (const room of this.#held.values()) if (room.isRenewed) this.#ends.set(room, room.seq);
    for (const append of appends) this.#add(append);
    const checked = this.#effects.end();
    checked.catch(() => undefined);
    this.#write();
    // Most turns change nothing that has to be checked: their COMMIT goes out with their
    // statements, before any of them is answered.
    if (this.#effects.isUnsure) await checked;
    await this.#transaction.commit();
  }

  #add({ room: key, events, accepted }: Append): void {
    const room = this.#held.get(key);
    if (!room) throw new StorageError(`The room ${key} was not opened for this turn.`);
    const { site } = partsOf(key);
    if (room.id === NOWHERE) throw new StorageError(`There is no site ${site}.`);
    const from = this.#ends.get(room) ?? room.seq;
    const [first] = events;
    if (first && first.event.prev !== from) {
      throw new StorageError(`The timeline of ${key} is not at ${first.event.prev}: somebody else appended.`);
    }
    this.#ends.set(room, events.at(-1)?.event.seq ?? from);
    for (const { event, effects } of events) {
      const row = eventRowOf(event);
      this.#events.push({ room: room.id, ...row });
      this.#tally.count(site, effects, row.payload.length);
      for (const effect of effects) this.#effects.write(room.id, effect);
    }
    for (const { undoable, ...rest } of accepted) {
      this.#accepted.push({ ...rest, room: room.id, undoable: bit(undoable) });
    }
  }

  /** Writes what needs no check while the rooms are held. Where that fails, so does the COMMIT. */
  #write(): void {
    const transaction = this.#transaction;
    const ends = [...this.#ends].map(([room, seq]) => ({ ...room, seq, moved: seq !== room.seq }));
    const unused = [...this.#held.values()].filter(room => room.isNew && !this.#ends.has(room));
    finishReserved(
      transaction,
      ends.filter(({ isNew }) => isNew),
      unused,
      this.#now,
    );
    const moved = ends.filter(({ isNew, moved }) => !isNew && moved);
    if (moved.length > 0) void transaction.change(advance, ...columnsOf(moved, ['id', 'seq']));
    if (this.#events.length > 0) {
      const columns = columnsOf(this.#events, ['room', 'seq', 'prev', 'at', 'waited', 'author', 'command', 'payload']);
      void transaction.change(insertEvents, ...columns);
    }
    if (this.#accepted.length > 0) {
      const columns = columnsOf(this.#accepted, ['room', 'person', 'id', 'digest', 'seq', 'undoable']);
      void transaction.change(insertAccepted, ...columns, this.#now);
    }
    // Last, for other turns of the site may wait for these rows until this one ends.
    addUsage(transaction, this.#tally.counts, this.#now);
  }
}
