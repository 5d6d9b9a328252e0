import { type BoardEvent, checkShapes } from '../board-event.js';
import { type Bit, bit, toJson } from '../rows.js';
import { columnsOf } from './columns.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';

type Numbers = readonly number[];
type Texts = readonly string[];

const insertShapes = statement<
  [rooms: Numbers, seqs: Numbers, ids: Texts, partials: Numbers, authors: Numbers, ats: Numbers, strokes: Texts]
>(
  `INSERT INTO shape (room, seq, id, since, hidden, partial, author, at, stroke)
   SELECT room, seq, id, seq, 0, partial, author, at, stroke
   FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::integer[], $5::integer[], $6::bigint[], $7::text[])
     AS drawn (room, seq, id, partial, author, at, stroke)`,
);

/** A shape that was hidden while it was drawn stays hidden, since the event that hid it. */
const complete = statement<
  [room: number, id: string, author: number, seq: number, partial: Bit, at: number, stroke: string]
>(
  `UPDATE shape SET seq = $4, since = CASE WHEN hidden = 1 THEN since ELSE $4 END, partial = $5, at = $6, stroke = $7
   WHERE room = $1 AND id = $2 AND author = $3 AND partial = 1`,
);

const erase = statement<[room: number, ids: Texts, since: number]>(
  'UPDATE shape SET hidden = 1, since = $3 WHERE room = $1 AND id = ANY ($2::text[]) AND hidden = 0',
);

const clear = statement<[room: number, since: number]>(
  'UPDATE shape SET hidden = 1, since = $2 WHERE room = $1 AND hidden = 0',
);

/**
 * Hides what the event `of` drew, and shows what it hid. Nothing has touched a visible shape since it was drawn: its `seq` and `since` are the same.
 * A hidden one has the seq of what hid it as `since`. So each of both is found by an index.
 */
const undo = statement<[room: number, of: number, since: number]>(
  `UPDATE shape SET hidden = 1 - hidden, since = CASE WHEN hidden = 1 THEN seq ELSE $3 END
   WHERE room = $1 AND ((hidden = 0 AND seq = $2 AND since = $2) OR (since = $2 AND since <> seq))`,
);

/** Keeps the shapes of rooms as `evolve` does, in rows, in the transaction of its caller. */
export class BoardWriter {
  readonly #transaction: Transaction;
  /** One for each event that speaks of shapes: settled when it is known whether the rows agree. */
  readonly #checks: Promise<void>[] = [];
  #drawn: {
    readonly room: number;
    readonly seq: number;
    readonly id: string;
    readonly partial: Bit;
    readonly by: number;
    readonly at: number;
    readonly stroke: string;
  }[] = [];

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  /** Whether rows may turn out not to be what an event speaks of. */
  get isUnsure(): boolean {
    return this.#checks.length > 0;
  }

  /** What is drawn gathers; whatever changes shapes comes after all that were drawn before. */
  apply(room: number, event: BoardEvent): void {
    const { seq, at, by } = event;
    if (event.type === 'shape.drawn') {
      const { stroke, partial = false } = event;
      this.#drawn.push({ room, seq, id: stroke.id, partial: bit(partial), by, at, stroke: toJson(stroke) });
      return;
    }
    this.#writeDrawn();
    const transaction = this.#transaction;
    switch (event.type) {
      case 'shape.completed': {
        const { stroke, partial = false } = event;
        this.#expect(
          1,
          event,
          transaction.change(complete, room, stroke.id, by, seq, bit(partial), at, toJson(stroke)),
        );
        break;
      }
      case 'shapes.erased':
        this.#expect(event.shapes.length, event, transaction.change(erase, room, event.shapes, seq));
        break;
      case 'board.cleared':
        void transaction.change(clear, room, seq);
        break;
      case 'command.undone':
        this.#expect(event.shapes, event, transaction.change(undo, room, event.of, seq));
        break;
    }
  }

  /** Writes what is left. @throws StorageError where the rows are not what an event speaks of */
  async end(): Promise<void> {
    this.#writeDrawn();
    await Promise.all(this.#checks);
  }

  #writeDrawn(): void {
    if (this.#drawn.length === 0) return;
    const columns = columnsOf(this.#drawn, ['room', 'seq', 'id', 'partial', 'by', 'at', 'stroke']);
    void this.#transaction.change(insertShapes, ...columns);
    this.#drawn = [];
  }

  #expect(told: number, event: BoardEvent, changed: Promise<number>): void {
    const check = changed.then(found => checkShapes(event, told, found));
    check.catch(() => undefined);
    this.#checks.push(check);
  }
}
