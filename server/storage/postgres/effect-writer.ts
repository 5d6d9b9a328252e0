import type { Effect, ShapeInterval } from '../../../protocol/timeline/effects.js';
import type { Message } from '../../../protocol/timeline/state.js';
import { StorageError } from '../../domain/storage.js';
import { checkRows } from '../effect-check.js';
import { type AuthorRow, bit, type MessageRow, type ShapeRow, shapeRowOf, toJson } from '../rows.js';
import { columnsOf } from './columns.js';
import type { OfRoom } from './held-rooms.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';

type Numbers = readonly number[];
type Texts = readonly string[];

const putPeople = statement<[rooms: Numbers, indexes: Numbers, persons: Texts, names: Texts, guests: Numbers]>(
  `INSERT INTO author (room, idx, person, name, guest)
   SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::integer[])
   ON CONFLICT (room, idx) DO UPDATE SET name = excluded.name, guest = excluded.guest
   WHERE author.person = excluded.person`,
);

const addMessages = statement<[rooms: Numbers, seqs: Numbers, authors: Numbers, ats: Numbers, texts: Texts]>(
  `INSERT INTO message (room, seq, author, at, text)
   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[])`,
);

const changeMessage = statement<[room: number, seq: number, author: number, at: number, text: string]>(
  'UPDATE message SET author = $3, at = $4, text = $5 WHERE room = $1 AND seq = $2',
);

const removeMessages = statement<[room: number, seqs: Numbers]>(
  'DELETE FROM message WHERE room = $1 AND seq = ANY ($2::bigint[])',
);

const addShapes = statement<
  [
    rooms: Numbers,
    seqs: Numbers,
    sinces: Numbers,
    ids: Texts,
    hiddens: Numbers,
    partials: Numbers,
    authors: Numbers,
    ats: Numbers,
    forms: Texts,
    times: readonly (string | null)[],
  ]
>(
  `INSERT INTO shape (room, seq, since, id, hidden, partial, author, at, form, times)
   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::integer[], $6::integer[],
     $7::integer[], $8::bigint[], $9::text[], $10::text[])`,
);

const changeShape = statement<
  [
    room: number,
    id: string,
    seq: number,
    since: number,
    hidden: number,
    partial: number,
    author: number,
    at: number,
    form: string,
    times: string | null,
  ]
>(
  `UPDATE shape SET seq = $3, since = $4, hidden = $5, partial = $6, author = $7, at = $8, form = $9, times = $10
   WHERE room = $1 AND id = $2`,
);

const hideShapes = statement<[room: number, ids: Texts, since: number]>(
  'UPDATE shape SET hidden = 1, since = $3 WHERE room = $1 AND id = ANY ($2::text[]) AND hidden = 0',
);

/** What can be seen is as its drawing left it. */
const showShapes = statement<[room: number, ids: Texts]>(
  'UPDATE shape SET hidden = 0, since = seq WHERE room = $1 AND id = ANY ($2::text[]) AND hidden = 1',
);

const removeIntervals = statement<[room: number, ids: Texts]>(
  'DELETE FROM shape_interval WHERE room = $1 AND shape = ANY ($2::text[])',
);

const removeShapes = statement<[room: number, ids: Texts]>(
  'DELETE FROM shape WHERE room = $1 AND id = ANY ($2::text[])',
);

const addIntervals = statement<[rooms: Numbers, shapes: Texts, was: Texts, froms: Numbers, tos: Numbers]>(
  `INSERT INTO shape_interval (room, shape, was, from_seq, to_seq)
   SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])`,
);

const putSettings = statement<[rooms: Numbers, names: Texts, values: Texts]>(
  `INSERT INTO room_setting (room, name, value)
   SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])
   ON CONFLICT (room, name) DO UPDATE SET value = excluded.value`,
);

type NewShape = ShapeRow & OfRoom & { readonly times: string | null };

/** Makes effects in the rows of rooms, in the transaction of its caller. */
export class EffectWriter {
  readonly #transaction: Transaction;
  /**
   * One for each effect that speaks of rows that must be there: settled when it is known whether
   * they are.
   */
  readonly #checks: Promise<void>[] = [];
  readonly #people = new Map<string, AuthorRow & OfRoom>();
  readonly #settings = new Map<string, OfRoom & { readonly name: string; readonly value: string }>();
  readonly #intervals: (ShapeInterval & OfRoom)[] = [];
  #newMessages: (MessageRow & OfRoom)[] = [];
  #newShapes: NewShape[] = [];

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  /**
   * Whether rows may turn out not to be what an effect speaks of. Known for certain after `end` was
   * called.
   */
  get isUnsure(): boolean {
    return this.#checks.length > 0;
  }

  /** What is new gathers; whatever changes rows comes after all that were new before. */
  write(room: number, effect: Effect): void {
    switch (effect.type) {
      case 'putPerson':
        this.#putPerson(room, effect.index, effect.person);
        break;
      case 'putMessage':
        this.#putMessage(room, effect.message, effect.isNew);
        break;
      case 'removeMessages':
        this.#addNewMessages();
        this.#expect(effect.type, effect.seqs.length, this.#transaction.change(removeMessages, room, effect.seqs));
        break;
      case 'putShape':
        this.#putShape({ room, ...shapeRowOf(effect.shape), times: effect.times ?? null }, effect.isNew);
        break;
      case 'hideShapes':
        this.#addNewShapes();
        this.#expect(
          effect.type,
          effect.ids.length,
          this.#transaction.change(hideShapes, room, effect.ids, effect.since),
        );
        break;
      case 'showShapes':
        this.#addNewShapes();
        this.#expect(effect.type, effect.ids.length, this.#transaction.change(showShapes, room, effect.ids));
        break;
      case 'removeShapes':
        this.#addNewShapes();
        void this.#transaction.change(removeIntervals, room, effect.ids);
        this.#expect(effect.type, effect.ids.length, this.#transaction.change(removeShapes, room, effect.ids));
        break;
      case 'endInterval':
        this.#intervals.push({ room, ...effect });
        break;
      case 'putSetting': {
        const { name, value } = effect;
        this.#settings.set(`${room} ${name}`, { room, name, value: toJson(value) });
      }
    }
  }

  /**
   * Writes what is left.
   * @returns settled when all rows are known to be what the effects speak of; a StorageError if not
   */
  async end(): Promise<void> {
    const transaction = this.#transaction;
    this.#addNewMessages();
    this.#addNewShapes();
    if (this.#people.size > 0) {
      const columns = columnsOf([...this.#people.values()], ['room', 'idx', 'person', 'name', 'guest']);
      const put = transaction.change(putPeople, ...columns).then(count => {
        if (count !== this.#people.size) throw anotherPerson();
      });
      this.#check(put);
    }
    if (this.#intervals.length > 0) {
      const columns = columnsOf(this.#intervals, ['room', 'shape', 'was', 'from', 'to']);
      void transaction.change(addIntervals, ...columns);
    }
    if (this.#settings.size > 0) {
      void transaction.change(putSettings, ...columnsOf([...this.#settings.values()], ['room', 'name', 'value']));
    }
    await Promise.all(this.#checks);
  }

  #putPerson(room: number, idx: number, person: { id: string; name: string; guest?: true }): void {
    const key = `${room} ${idx}`;
    if ((this.#people.get(key)?.person ?? person.id) !== person.id) throw anotherPerson();
    this.#people.set(key, { room, idx, person: person.id, name: person.name, guest: bit(person.guest === true) });
  }

  #putMessage(room: number, { seq, by, at, text }: Message, isNew: boolean): void {
    if (isNew) {
      this.#newMessages.push({ room, seq, author: by, at, text });
      return;
    }
    this.#addNewMessages();
    this.#expect('putMessage', 1, this.#transaction.change(changeMessage, room, seq, by, at, text));
  }

  #putShape(row: NewShape, isNew: boolean): void {
    if (isNew) {
      this.#newShapes.push(row);
      return;
    }
    this.#addNewShapes();
    const { room, id, seq, since, hidden, partial, author, at, form, times } = row;
    const changed = this.#transaction.change(
      changeShape,
      room,
      id,
      seq,
      since,
      hidden,
      partial,
      author,
      at,
      form,
      times,
    );
    this.#expect('putShape', 1, changed);
  }

  #addNewMessages(): void {
    if (this.#newMessages.length === 0) return;
    const columns = columnsOf(this.#newMessages, ['room', 'seq', 'author', 'at', 'text']);
    void this.#transaction.change(addMessages, ...columns);
    this.#newMessages = [];
  }

  #addNewShapes(): void {
    if (this.#newShapes.length === 0) return;
    const columns = columnsOf(this.#newShapes, [
      'room',
      'seq',
      'since',
      'id',
      'hidden',
      'partial',
      'author',
      'at',
      'form',
      'times',
    ]);
    void this.#transaction.change(addShapes, ...columns);
    this.#newShapes = [];
  }

  #expect(type: Effect['type'], told: number, changed: Promise<number>): void {
    this.#check(changed.then(found => checkRows(type, told, found)));
  }

  #check(check: Promise<void>): void {
    check.catch(() => undefined);
    this.#checks.push(check);
  }
}

function anotherPerson(): StorageError {
  return new StorageError('An author of a room is another person.');
}
