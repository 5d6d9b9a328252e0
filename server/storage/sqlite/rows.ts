/** How rows and the domain's values turn into each other. */
import type { Happening, TimelineEvent } from '../../../protocol/timeline/events.js';
import type { Person, Shape, Stroke } from '../../../protocol/timeline/state.js';

/** SQLite has no booleans. */
export type Bit = 0 | 1;

export const bit = (value: boolean): Bit => (value ? 1 : 0);

/** Reads JSON that this engine itself wrote: every column of JSON is written from a value of the type it is read as. */
export function ownJson<Value>(text: string): Value {
  return JSON.parse(text) as Value;
}

export interface EventRow {
  readonly seq: number;
  readonly prev: number;
  readonly at: number;
  readonly author: number;
  readonly command: string;
  readonly happening: string;
}

export function eventOf({ seq, prev, at, author, command, happening }: EventRow): TimelineEvent {
  return { seq, prev, at, by: author, command, ...ownJson<Happening>(happening) };
}

/** The part of an event that has no column of its own. */
export function happeningJson(event: TimelineEvent): string {
  const { seq: _seq, prev: _prev, at: _at, by: _by, command: _command, ...happening } = event;
  return JSON.stringify(happening);
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
  readonly stroke: string;
}

export const SHAPE_COLUMNS = 'hidden, seq, since, author, at, stroke';

export function shapeOf({ hidden, seq, since, author, at, stroke }: ShapeRow): Shape {
  const shape = { ...ownJson<Stroke>(stroke), by: author, at, seq, since };
  return hidden ? { ...shape, hidden: true } : shape;
}

export interface MessageRow {
  readonly seq: number;
  readonly author: number;
  readonly at: number;
  readonly text: string;
}
