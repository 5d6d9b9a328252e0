import type { ShapeForm } from '../shapes/index.js';

/** Someone identified by a token's `sub`. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Named by themselves, not by the site. */
  readonly guest?: true;
}

export type Role = 'viewer' | 'member' | 'moderator';

/** A message, as what its events add up to. It is known by the seq of the event that posted it. */
export interface Message {
  readonly seq: number;
  /** The author's index among the room's authors. */
  readonly by: number;
  /** Server time in milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

/** What events add to a shape, whatever its kind. */
export interface ShapeRecord {
  /** The author's index among the room's authors. */
  readonly by: number;
  /** Server time of drawing, in milliseconds since 1970. */
  readonly at: number;
  /** The event that drew it, or completed it: later shapes lie above earlier ones. */
  readonly seq: number;
  /**
   * Hidden: the event that hid it. Else `seq`. It is what an undo checks, so that it never takes
   * back somebody else's later work.
   */
  readonly since: number;
  /** Erased or undone; kept so that it can be brought back. */
  readonly hidden?: true;
  /** Its author vanished while drawing it, and has not completed it so far. */
  readonly partial?: true;
}

/** A thing on the board, as what its events add up to. */
export type Shape = ShapeForm & ShapeRecord;

/** What a setting of a room may be. */
export type SettingValue = string | number | boolean | null | readonly (string | number)[];

/** Rows by their key, in the order in which they were put. A Map is one; so is a layer over one. */
export interface Rows<Key, Row> {
  get(key: Key): Row | undefined;
  has(key: Key): boolean;
  set(key: Key, row: Row): unknown;
  delete(key: Key): boolean;
  values(): Iterable<Row>;
}

/**
 * A room's state at `seq`. It belongs to one holder, and `evolve` changes it in place: a board of
 * 10,000 shapes is too large to copy at each event.
 */
export interface RoomState {
  readonly epoch: string;
  seq: number;
  /** See `Head` in conversation.ts. */
  readonly redactions: number;
  /** Whether an event of a type that is not known here was passed. */
  newer: boolean;
  /** Authors by their index, which is given out at a person's first event and never again. */
  readonly people: Rows<number, Person>;
  /** By seq, and in its order; only the newest part of the talk need be here. */
  readonly messages: Rows<number, Message>;
  /** By id. Hidden shapes may be missing: see `lacks` in evolve.ts. */
  readonly shapes: Rows<string, Shape>;
  /** By name. One that was never put has its default. */
  readonly settings: Rows<string, SettingValue>;
}

/** A state that its holder keeps in maps of its own. */
export interface HeldState extends RoomState {
  readonly people: Map<number, Person>;
  readonly messages: Map<number, Message>;
  readonly shapes: Map<string, Shape>;
  readonly settings: Map<string, SettingValue>;
}

/** The shapes that event `seq` was the last to show or hide. */
export function shapesSince(state: RoomState, seq: number): Shape[] {
  return [...state.shapes.values()].filter(shape => shape.since === seq);
}

export function visibleShapes(state: RoomState): Shape[] {
  return [...state.shapes.values()].filter(shape => !shape.hidden);
}

/**
 * A visible shape as a snapshot has it: nothing was the last to show or hide it but what drew it.
 */
export type SnapshotShape = ShapeForm & Omit<ShapeRecord, 'since' | 'hidden'>;

/** The state of a room at a seq, as it crosses the wire: what a late joiner starts from. */
export interface Snapshot {
  readonly epoch: string;
  readonly seq: number;
  readonly redactions: number;
  readonly people: readonly (readonly [index: number, person: Person])[];
  /** The newest messages, oldest first. */
  readonly messages: readonly Message[];
  /** Whether there are older messages than these. */
  readonly more: boolean;
  /** Visible shapes, lowest first. */
  readonly shapes: readonly SnapshotShape[];
  readonly settings: readonly (readonly [name: string, value: SettingValue])[];
}

export function fromSnapshot(snapshot: Snapshot): HeldState {
  return {
    epoch: snapshot.epoch,
    seq: snapshot.seq,
    redactions: snapshot.redactions,
    newer: false,
    people: new Map(snapshot.people),
    messages: new Map(snapshot.messages.map(message => [message.seq, message])),
    shapes: new Map(snapshot.shapes.map(shape => [shape.id, { ...shape, since: shape.seq }])),
    settings: new Map(snapshot.settings),
  };
}

/** A room in which nothing has happened. */
export function emptyState(epoch: string): HeldState {
  return fromSnapshot({
    epoch,
    seq: 0,
    redactions: 0,
    people: [],
    messages: [],
    more: false,
    shapes: [],
    settings: [],
  });
}
