import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import { partsOf, type RoomKey } from '../../domain/room-key.js';
import { type AcceptedCommand, type Append, StorageError } from '../../domain/storage.js';
import { type Bit, bit, happeningOf, toJson } from '../rows.js';
import { UsageTally } from '../usage-tally.js';
import { BoardWriter } from './board-writer.js';
import { columnsOf } from './columns.js';
import { type HeldRoom, NOWHERE, settle } from './held-rooms.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';
import { addUsage } from './usage-table.js';

type Numbers = readonly number[];
type Texts = readonly string[];

const advance = statement<[ids: Numbers, seqs: Numbers]>(
  `UPDATE room SET seq = moved.seq FROM unnest($1::bigint[], $2::bigint[]) AS moved (id, seq) WHERE room.id = moved.id`,
);

const insertEvents = statement<
  [rooms: Numbers, seqs: Numbers, prevs: Numbers, ats: Numbers, authors: Numbers, commands: Texts, happenings: Texts]
>(
  `INSERT INTO event (room, seq, prev, at, author, command, happening)
   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::integer[], $6::text[], $7::text[])`,
);

const insertAuthors = statement<[rooms: Numbers, indexes: Numbers, persons: Texts, names: Texts, guests: Numbers]>(
  `INSERT INTO author (room, idx, person, name, guest)
   SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::integer[])
   ON CONFLICT (room, idx) DO UPDATE SET name = excluded.name, guest = excluded.guest
   WHERE author.person = excluded.person`,
);

const insertMessages = statement<[rooms: Numbers, seqs: Numbers, authors: Numbers, ats: Numbers, texts: Texts]>(
  `INSERT INTO message (room, seq, author, at, text)
   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[])`,
);

const insertAccepted = statement<
  [rooms: Numbers, persons: Texts, ids: Texts, digests: Texts, seqs: Numbers, undoables: Numbers, at: number]
>(
  `INSERT INTO accepted (room, person, id, digest, seq, undoable, at)
   SELECT *, $7::bigint FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::integer[])`,
);

interface EntryRow extends Pick<TimelineEvent, 'seq' | 'prev' | 'at' | 'by' | 'command'> {
  readonly room: number;
  readonly happening: string;
}

interface MessageRow extends Pick<TimelineEvent, 'seq' | 'at' | 'by'> {
  readonly room: number;
  readonly text: string;
}

interface AuthorRow {
  readonly room: number;
  readonly by: number;
  readonly id: string;
  readonly name: string;
  readonly guest: Bit;
}

/** Appends what a turn leads to: the log and what it adds up to, in the transaction that holds its rooms. */
export class TurnCommitter {
  readonly #transaction: Transaction;
  readonly #held: ReadonlyMap<RoomKey, HeldRoom>;
  readonly #now: number;
  readonly #board: BoardWriter;
  readonly #tally = new UsageTally();
  /** How far this turn has moved the timeline of each room. */
  readonly #ends = new Map<HeldRoom, number>();
  readonly #events: EntryRow[] = [];
  readonly #authors = new Map<string, AuthorRow>();
  readonly #messages: MessageRow[] = [];
  readonly #accepted: (Omit<AcceptedCommand, 'undoable'> & { readonly room: number; readonly undoable: Bit })[] = [];

  /** @param now server time in milliseconds since 1970 */
  constructor(transaction: Transaction, held: ReadonlyMap<RoomKey, HeldRoom>, now: number) {
    this.#transaction = transaction;
    this.#held = held;
    this.#now = now;
    this.#board = new BoardWriter(transaction);
  }

  /**
   * @throws StorageError where a timeline is not where the turn found it, or the rows are not what the events speak of: nothing is kept then.
   *   AnswerLostError where that is not known
   */
  async commit(appends: readonly Append[]): Promise<void> {
    // One that is new as well keeps its row, which holds the epoch.
    for (const room of this.#held.values()) if (room.isRenewed) this.#ends.set(room, room.seq);
    for (const append of appends) this.#add(append);
    const checked = Promise.all([this.#board.end(), this.#writeAuthors()]);
    this.#write();
    // Most turns change nothing that has to be checked: their COMMIT goes out with their statements, before any of them is answered.
    if (this.#board.isUnsure || this.#authors.size > 0) await checked;
    await this.#transaction.commit();
  }

  #add({ room: key, events, accepted }: Append): void {
    const room = this.#held.get(key);
    if (!room) throw new StorageError(`The room ${key} was not opened for this turn.`);
    const { site } = partsOf(key);
    if (room.id === NOWHERE) throw new StorageError(`There is no site ${site}.`);
    const from = this.#ends.get(room) ?? room.seq;
    const [first] = events;
    if (first && first.prev !== from) {
      throw new StorageError(`The timeline of ${key} is not at ${first.prev}: somebody else appended.`);
    }
    this.#ends.set(room, events.at(-1)?.seq ?? from);
    for (const event of events) {
      const { seq, prev, at, by, command } = event;
      const happening = toJson(happeningOf(event));
      this.#events.push({ room: room.id, seq, prev, at, by, command, happening });
      this.#tally.count(site, event, happening.length);
      this.#apply(room.id, event);
    }
    for (const { undoable, ...rest } of accepted) {
      this.#accepted.push({ ...rest, room: room.id, undoable: bit(undoable) });
    }
  }

  /** What `evolve` does, in rows. */
  #apply(room: number, event: TimelineEvent): void {
    const { seq, at, by } = event;
    switch (event.type) {
      case 'person.entered': {
        const { id, name, guest } = event.person;
        const key = `${room} ${by}`;
        if ((this.#authors.get(key)?.id ?? id) !== id) throw anotherPerson();
        this.#authors.set(key, { room, by, id, name, guest: bit(guest === true) });
        break;
      }
      case 'message.posted':
        this.#messages.push({ room, seq, at, by, text: event.text });
        break;
      default:
        this.#board.apply(room, event);
    }
  }

  async #writeAuthors(): Promise<void> {
    if (this.#authors.size === 0) return;
    const rows = columnsOf([...this.#authors.values()], ['room', 'by', 'id', 'name', 'guest']);
    if ((await this.#transaction.change(insertAuthors, ...rows)) !== this.#authors.size) throw anotherPerson();
  }

  /** Writes what needs no check while the rooms are held. Where that fails, so does the COMMIT. */
  #write(): void {
    const transaction = this.#transaction;
    const ends = [...this.#ends].map(([room, seq]) => ({ ...room, seq, moved: seq !== room.seq }));
    const unused = [...this.#held.values()].filter(room => room.isNew && !this.#ends.has(room));
    settle(
      transaction,
      ends.filter(({ isNew }) => isNew),
      unused,
      this.#now,
    );
    const moved = ends.filter(({ isNew, moved }) => !isNew && moved);
    if (moved.length > 0) void transaction.change(advance, ...columnsOf(moved, ['id', 'seq']));
    if (this.#events.length > 0) {
      const columns = columnsOf(this.#events, ['room', 'seq', 'prev', 'at', 'by', 'command', 'happening']);
      void transaction.change(insertEvents, ...columns);
    }
    if (this.#messages.length > 0) {
      void transaction.change(insertMessages, ...columnsOf(this.#messages, ['room', 'seq', 'by', 'at', 'text']));
    }
    if (this.#accepted.length > 0) {
      const columns = columnsOf(this.#accepted, ['room', 'person', 'id', 'digest', 'seq', 'undoable']);
      void transaction.change(insertAccepted, ...columns, this.#now);
    }
    // Last, for other turns of the site may wait for these rows until this one ends.
    addUsage(transaction, this.#tally.counts, this.#now);
  }
}

function anotherPerson(): StorageError {
  return new StorageError('An author of a room is another person.');
}
