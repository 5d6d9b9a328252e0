/**
 * What a turn keeps, as it goes to the thread of the database: flat lists instead of objects for
 * each event. Copying an object to another thread costs more than what it holds; with objects the
 * copies were a twelfth of what an event costs, the disk included.
 */
import type { Effect } from '../../../protocol/timeline/effects.js';
import type { AnyPayload } from '../../../protocol/timeline/events.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { AcceptedCommand, Append } from '../../domain/storage.js';
import { bit, type EventRow, eventRowOf, type Json } from '../rows.js';

/** The lists hold values of all rooms, in the order in which `packTurn` writes them. */
export interface PackedTurn {
  readonly rooms: readonly RoomKey[];
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
  readonly payloads: readonly Json<AnyPayload>[];
  /** All but new messages, which are the most and are among the numbers and texts. */
  readonly effects: readonly Effect[];
}

/** What a turn adds to a room, its events as rows. */
export interface AppendedRows {
  readonly room: RoomKey;
  readonly events: readonly { readonly row: EventRow; readonly effects: readonly Effect[] }[];
  readonly accepted: readonly AcceptedCommand[];
}

/** How an effect was packed. */
const AS_IT_IS = 0;
const NEW_MESSAGE = 1;

/** What a turn keeps, as the thread's call `commitTurn` takes it. */
export function packTurn(appends: readonly Append[]): PackedTurn {
  const numbers: number[] = [];
  const texts: string[] = [];
  const payloads: Json<AnyPayload>[] = [];
  const others: Effect[] = [];
  for (const { events, accepted } of appends) {
    numbers.push(events.length, accepted.length);
    for (const { event, effects } of events) {
      const { seq, prev, at, waited, author, command, payload } = eventRowOf(event);
      numbers.push(seq, prev, at, waited, author, effects.length);
      texts.push(command);
      payloads.push(payload);
      for (const effect of effects) {
        if (effect.type === 'putMessage' && effect.isNew) {
          const { message } = effect;
          numbers.push(NEW_MESSAGE, message.seq, message.by, message.at);
          texts.push(message.text);
        } else {
          numbers.push(AS_IT_IS);
          others.push(effect);
        }
      }
    }
    for (const { person, id, digest, seq, undoable } of accepted) {
      texts.push(person, id, digest);
      numbers.push(seq, bit(undoable));
    }
  }
  return { rooms: appends.map(({ room }) => room), numbers, texts, payloads, effects: others };
}

/** @throws RangeError where the lists are not what `packTurn` writes */
export function unpackTurn({ rooms, ...lists }: PackedTurn): AppendedRows[] {
  const number = reader(lists.numbers);
  const text = reader(lists.texts);
  const payload = reader(lists.payloads);
  const other = reader(lists.effects);

  const effect = (): Effect => {
    if (number() === AS_IT_IS) return other();
    return { type: 'putMessage', message: { seq: number(), by: number(), at: number(), text: text() }, isNew: true };
  };
  const event = () => {
    const [seq, prev, at, waited, author, effects] = [number(), number(), number(), number(), number(), number()];
    const row: EventRow = { seq, prev, at, waited, author, command: text(), payload: payload() };
    return { row, effects: times(effects, effect) };
  };
  const accepted = (): AcceptedCommand => {
    const [person, id, digest] = [text(), text(), text()];
    return { person, id, digest, seq: number(), undoable: number() === 1 };
  };
  return rooms.map(room => {
    const [events, commands] = [number(), number()];
    return { room, events: times(events, event), accepted: times(commands, accepted) };
  });
}

/** Hands out the values of a list, one after the other. */
function reader<Value>(values: readonly Value[]): () => Value {
  let next = 0;
  return () => {
    const value = values[next];
    if (value === undefined) throw new RangeError('A turn holds less than it says.');
    next += 1;
    return value;
  };
}

function times<Value>(count: number, make: () => Value): Value[] {
  const values: Value[] = [];
  while (values.length < count) values.push(make());
  return values;
}
