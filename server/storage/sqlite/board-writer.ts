import type { Database, Statement } from 'better-sqlite3';

import type { Stroke } from '../../../protocol/timeline/state.js';
import { type BoardEvent, checkShapes } from '../board-event.js';
import { type Bit, bit, type Json, toJson } from '../rows.js';

interface Flip {
  readonly room: number;
  readonly of: number;
  readonly since: number;
}

interface Completion {
  readonly room: number;
  readonly seq: number;
  readonly id: string;
  readonly partial: Bit;
  readonly by: number;
  readonly at: number;
  readonly stroke: Json<Stroke>;
}

/** Keeps the shapes of a room as `evolve` does, in rows. It runs inside the transaction of its caller. */
export class BoardWriter {
  readonly #draw: Statement<
    [room: number, seq: number, id: string, since: number, partial: Bit, by: number, at: number, stroke: Json<Stroke>]
  >;
  readonly #complete: Statement<[Completion]>;
  readonly #erase: Statement<[since: number, room: number, id: string]>;
  readonly #clear: Statement<[since: number, room: number]>;
  readonly #hideDrawn: Statement<[Flip]>;
  readonly #showHidden: Statement<[Omit<Flip, 'since'>]>;

  constructor(database: Database) {
    this.#draw = database.prepare(
      'INSERT INTO shape (room, seq, id, since, hidden, partial, author, at, stroke) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?)',
    );
    // What was hidden meanwhile stays so, by what hid it.
    this.#complete = database.prepare(
      `UPDATE shape SET seq = @seq, since = iif(hidden, since, @seq), partial = @partial, at = @at, stroke = @stroke
       WHERE room = @room AND id = @id AND author = @by AND partial = 1`,
    );
    this.#erase = database.prepare('UPDATE shape SET hidden = 1, since = ? WHERE room = ? AND id = ? AND hidden = 0');
    this.#clear = database.prepare('UPDATE shape SET hidden = 1, since = ? WHERE room = ? AND hidden = 0');
    // What can be seen is as its drawing left it and found by its seq; what is hidden, by the index of what was touched.
    this.#hideDrawn = database.prepare(
      'UPDATE shape SET hidden = 1, since = @since WHERE room = @room AND hidden = 0 AND seq = @of AND since = @of',
    );
    this.#showHidden = database.prepare(
      'UPDATE shape SET hidden = 0, since = seq WHERE room = @room AND since = @of AND since <> seq',
    );
  }

  /** @throws StorageError where the rows are not what the event speaks of. */
  apply(room: number, event: BoardEvent): void {
    switch (event.type) {
      case 'shape.drawn': {
        const { stroke, seq, by, at, partial = false } = event;
        this.#draw.run(room, seq, stroke.id, seq, bit(partial), by, at, toJson(stroke));
        break;
      }
      case 'shape.completed': {
        const { stroke, seq, by, at, partial = false } = event;
        const completion = { room, seq, id: stroke.id, partial: bit(partial), by, at, stroke: toJson(stroke) };
        checkShapes(event, 1, this.#complete.run(completion).changes);
        break;
      }
      case 'shapes.erased': {
        let erased = 0;
        for (const id of event.shapes) erased += this.#erase.run(event.seq, room, id).changes;
        checkShapes(event, event.shapes.length, erased);
        break;
      }
      case 'board.cleared':
        this.#clear.run(event.seq, room);
        break;
      case 'command.undone': {
        const flip: Flip = { room, of: event.of, since: event.seq };
        const shown = this.#showHidden.run({ room, of: event.of }).changes;
        checkShapes(event, event.shapes, shown + this.#hideDrawn.run(flip).changes);
        break;
      }
    }
  }
}
