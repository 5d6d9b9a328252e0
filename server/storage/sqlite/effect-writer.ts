import type { Database, Statement } from 'better-sqlite3';

import type { Effect, ShapeInterval } from '../../../protocol/timeline/effects.js';
import type { SettingValue } from '../../../protocol/timeline/state.js';
import { StorageError } from '../../domain/storage.js';
import { checkRows } from '../effect-check.js';
import { type Bit, bit, type Json, type ShapeRow, shapeRowOf, toJson } from '../rows.js';

type PutShape = ShapeRow & { readonly room: number; readonly times: string | null };
type PutMessage = [by: number, at: number, text: string, room: number, seq: number];

/** Makes effects in the rows of a room. It runs inside the transaction of its caller. */
export class EffectWriter {
  readonly #putPerson: Statement<[room: number, idx: number, person: string, name: string, guest: Bit]>;
  readonly #addMessage: Statement<PutMessage>;
  readonly #changeMessage: Statement<PutMessage>;
  readonly #removeMessage: Statement<[room: number, seq: number]>;
  readonly #addShape: Statement<[PutShape]>;
  readonly #changeShape: Statement<[PutShape]>;
  readonly #hideShape: Statement<[since: number, room: number, id: string]>;
  readonly #showShape: Statement<[room: number, id: string]>;
  readonly #removeShape: Statement<[room: number, id: string]>;
  readonly #removeIntervals: Statement<[room: number, shape: string]>;
  readonly #addInterval: Statement<[ShapeInterval & { readonly room: number }]>;
  readonly #putSetting: Statement<[room: number, name: string, value: Json<SettingValue>]>;

  constructor(database: Database) {
    this.#putPerson = database.prepare(
      `INSERT INTO author (room, idx, person, name, guest) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (room, idx) DO UPDATE SET name = excluded.name, guest = excluded.guest
       WHERE person = excluded.person`,
    );
    this.#addMessage = database.prepare('INSERT INTO message (author, at, text, room, seq) VALUES (?, ?, ?, ?, ?)');
    this.#changeMessage = database.prepare(
      'UPDATE message SET author = ?, at = ?, text = ? WHERE room = ? AND seq = ?',
    );
    this.#removeMessage = database.prepare('DELETE FROM message WHERE room = ? AND seq = ?');
    this.#addShape = database.prepare(
      `INSERT INTO shape (room, seq, id, since, hidden, partial, author, at, form, times)
       VALUES (@room, @seq, @id, @since, @hidden, @partial, @author, @at, @form, @times)`,
    );
    this.#changeShape = database.prepare(
      `UPDATE shape SET seq = @seq, since = @since, hidden = @hidden, partial = @partial, author = @author, at = @at,
         form = @form, times = @times
       WHERE room = @room AND id = @id`,
    );
    this.#hideShape = database.prepare(
      'UPDATE shape SET hidden = 1, since = ? WHERE room = ? AND id = ? AND hidden = 0',
    );
    // What can be seen is as its drawing left it.
    this.#showShape = database.prepare(
      'UPDATE shape SET hidden = 0, since = seq WHERE room = ? AND id = ? AND hidden = 1',
    );
    this.#removeShape = database.prepare('DELETE FROM shape WHERE room = ? AND id = ?');
    this.#removeIntervals = database.prepare('DELETE FROM shape_interval WHERE room = ? AND shape = ?');
    this.#addInterval = database.prepare(
      'INSERT INTO shape_interval (room, shape, was, from_seq, to_seq) VALUES (@room, @shape, @was, @from, @to)',
    );
    this.#putSetting = database.prepare(
      `INSERT INTO room_setting (room, name, value) VALUES (?, ?, ?)
       ON CONFLICT (room, name) DO UPDATE SET value = excluded.value`,
    );
  }

  /** @throws StorageError where the rows are not what the effect speaks of. */
  write(room: number, effect: Effect): void {
    switch (effect.type) {
      case 'putPerson': {
        const { id, name, guest } = effect.person;
        if (this.#putPerson.run(room, effect.index, id, name, bit(guest === true)).changes === 1) break;
        throw new StorageError(`Author ${effect.index} of a room is another person.`);
      }
      case 'putMessage': {
        const statement = effect.isNew ? this.#addMessage : this.#changeMessage;
        const { seq, by, at, text } = effect.message;
        checkRows(effect.type, 1, statement.run(by, at, text, room, seq).changes);
        break;
      }
      case 'removeMessages':
        this.#each(effect.type, effect.seqs, seq => this.#removeMessage.run(room, seq).changes);
        break;
      case 'putShape': {
        const statement = effect.isNew ? this.#addShape : this.#changeShape;
        const row = { room, ...shapeRowOf(effect.shape), times: effect.times ?? null };
        checkRows(effect.type, 1, statement.run(row).changes);
        break;
      }
      case 'hideShapes':
        this.#each(effect.type, effect.ids, id => this.#hideShape.run(effect.since, room, id).changes);
        break;
      case 'showShapes':
        this.#each(effect.type, effect.ids, id => this.#showShape.run(room, id).changes);
        break;
      case 'removeShapes':
        for (const id of effect.ids) this.#removeIntervals.run(room, id);
        this.#each(effect.type, effect.ids, id => this.#removeShape.run(room, id).changes);
        break;
      case 'endInterval': {
        const { shape, was, from, to } = effect;
        this.#addInterval.run({ room, shape, was, from, to });
        break;
      }
      case 'putSetting':
        this.#putSetting.run(room, effect.name, toJson(effect.value));
    }
  }

  #each<Key>(type: Effect['type'], keys: readonly Key[], write: (key: Key) => number): void {
    let written = 0;
    for (const key of keys) written += write(key);
    checkRows(type, keys.length, written);
  }
}
