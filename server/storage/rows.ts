/** How rows and the domain's values turn into each other. */
import type { ShapeForm } from '../../protocol/shapes/index.js';
import type { AnyEvent, AnyPayload } from '../../protocol/timeline/events.js';
import type { Message, Person, SettingValue, Shape, SnapshotShape } from '../../protocol/timeline/state.js';
import { StorageFaultError } from './storage-fault.js';

/** As SQLite, which has no booleans, keeps them; and every engine keeps the same. */
export type Bit = 0 | 1;

export const bit = (value: boolean): Bit => (value ? 1 : 0);

declare const written: unique symbol;

/**
 * JSON in a column, with the type of the value that the engine wrote there: what is read is what
 * was written.
 */
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
  /** 0 where it was sent at once. */
  readonly waited: number;
  readonly author: number;
  readonly command: string;
  /** All that has no column of its own, its type first. */
  readonly payload: Json<AnyPayload>;
}

export const EVENT_COLUMNS = 'seq, prev, at, waited, author, command, payload';

export function eventOf({ seq, prev, at, waited, author, command, payload }: EventRow): AnyEvent {
  return { seq, prev, at, by: author, command, ...(waited > 0 && { waited }), ...fromJson(payload) };
}

export function eventRowOf({ seq, prev, at, by, command, waited = 0, ...payload }: AnyEvent): EventRow {
  return { seq, prev, at, waited, author: by, command, payload: toJson(payload) };
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
  readonly id: string;
  readonly hidden: Bit;
  readonly partial: Bit;
  readonly seq: number;
  readonly since: number;
  readonly author: number;
  readonly at: number;
  /** What its author sent, without the id. */
  readonly form: Json<Omit<ShapeForm, 'id'>>;
}

export const SHAPE_COLUMNS = 'id, hidden, partial, seq, since, author, at, form';

export function shapeOf({ hidden, since, ...row }: ShapeRow): Shape {
  const shape: Shape = { ...snapshotShapeOf(row), since };
  return hidden ? { ...shape, hidden: true } : shape;
}

/** A row of a visible shape, whose `since` is its `seq`. */
export function snapshotShapeOf({
  id,
  partial,
  seq,
  author,
  at,
  form,
}: Omit<ShapeRow, 'hidden' | 'since'>): SnapshotShape {
  return { id, ...fromJson(form), by: author, at, seq, ...(partial && { partial: true }) };
}

export function shapeRowOf({ id, by, at, seq, since, hidden, partial, ...form }: Shape): ShapeRow {
  const flags = { hidden: bit(hidden === true), partial: bit(partial === true) };
  return { id, ...flags, seq, since, author: by, at, form: toJson(form) };
}

export interface SettingRow {
  readonly name: string;
  readonly value: Json<SettingValue>;
}

export function settingOf({ name, value }: SettingRow): readonly [name: string, value: SettingValue] {
  return [name, fromJson(value)];
}

export interface MessageRow {
  readonly seq: number;
  readonly author: number;
  readonly at: number;
  readonly text: string;
}

export const MESSAGE_COLUMNS = 'seq, author, at, text';

export function messageOf({ seq, author, at, text }: MessageRow): Message {
  return { seq, by: author, at, text };
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
  return { messages: rows.slice(0, limit).map(messageOf).reverse(), more: rows.length > limit };
}
