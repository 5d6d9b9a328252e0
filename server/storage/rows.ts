/** How rows and the domain's values turn into each other. */
import type { Happening, TimelineEvent } from '../../protocol/timeline/events.js';
import type { Message, Person, Shape, Stroke } from '../../protocol/timeline/state.js';
import { StorageFaultError } from './storage-fault.js';

/** As SQLite, which has no booleans, keeps them; and every engine keeps the same. */
export type Bit = 0 | 1;

export const bit = (value: boolean): Bit => (value ? 1 : 0);

declare const written: unique symbol;

/** JSON in a column, with the type of the value that the engine wrote there: what is read is what was written. */
export type Json<Value> = string & { readonly [written]: Value };

export const toJson = <Value>(value: Value): Json<Value> => JSON.stringify(value) as Json<Value>;

/** @throws StorageFaultError `damaged` where it is not what was written. */
export function fromJson<Value>(text: Json<Value>): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (fault) {
    throw new StorageFaultError('damaged', 'A row of the database is damaged: what it holds is no JSON.', {
      cause: fault,
    });
  }
}

export interface EventRow {
  readonly seq: number;
  readonly prev: number;
  readonly at: number;
  readonly author: number;
  readonly command: string;
  readonly happening: Json<Happening>;
}

export function eventOf({ seq, prev, at, author, command, happening }: EventRow): TimelineEvent {
  return { seq, prev, at, by: author, command, ...fromJson(happening) };
}

/** The part of an event that has no column of its own. */
export function happeningOf(event: TimelineEvent): Happening {
  const { seq: _seq, prev: _prev, at: _at, by: _by, command: _command, ...happening } = event;
  return happening;
}

export interface AuthorRow {
  readonly idx: number;
  readonly person: string;
  readonly name: string;
  readonly guest: Bit;
}

export function authorOf({ idx, person, name, guest }: AuthorRow): readonly [index: number, person: Person] {
  return [idx, guest ? { id: person, name, guest: true } : { id: person, name }];
}

export interface ShapeRow {
  readonly hidden: Bit;
  readonly seq: number;
  readonly since: number;
  readonly author: number;
  readonly at: number;
  readonly partial: Bit;
  readonly stroke: Json<Stroke>;
}

export const SHAPE_COLUMNS = 'hidden, partial, seq, since, author, at, stroke';

export function shapeOf({ hidden, partial, seq, since, author, at, stroke }: ShapeRow): Shape {
  const shape: Shape = { ...fromJson(stroke), by: author, at, seq, since, ...(partial && { partial: true }) };
  return hidden ? { ...shape, hidden: true } : shape;
}

export interface MessageRow {
  readonly seq: number;
  readonly author: number;
  readonly at: number;
  readonly text: string;
}

/**
 * A page of messages, oldest first.
 *
 * @param rows newest first, and one more than `limit` where there are more than fit
 */
export function messagePageOf(
  rows: readonly MessageRow[],
  limit: number,
): { readonly messages: readonly Message[]; readonly more: boolean } {
  const messages = rows.slice(0, limit).map(({ seq, author, at, text }) => ({ seq, by: author, at, text }));
  return { messages: messages.reverse(), more: rows.length > limit };
}
