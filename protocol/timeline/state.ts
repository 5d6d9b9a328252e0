import type { InkColor, InkFormat } from '../ink.js';

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

/** What a stroke is made of, as its author sends it. */
export interface Stroke extends InkFormat {
  /** Fixed at pen-down; see SHAPE_ID. */
  readonly id: string;
  readonly kind: 'stroke';
  readonly color: InkColor;
  /** Width in board units. */
  readonly width: number;
  /** See ink.ts. */
  readonly points: string;
}

/** A thing on the board, as what its events add up to. */
export interface Shape extends Stroke {
  /** The author's index among the room's authors. */
  readonly by: number;
  /** Server time of drawing, in milliseconds since 1970. */
  readonly at: number;
  /** The event that drew it, or completed it: later shapes lie above earlier ones. */
  readonly seq: number;
  /**
   * Hidden: the event that hid it. Else `seq`. It is what an undo checks, so that it never takes back somebody
   * else's later work.
   */
  readonly since: number;
  /** Erased or undone; kept so that it can be brought back. */
  readonly hidden?: true;
  /** Its author vanished while drawing it, and has not completed it so far. */
  readonly partial?: true;
}

/**
 * A room's state at `seq`. It belongs to one holder, and `evolve` changes it in place: a board of 10,000 shapes is too large
 * to copy at each event.
 */
export interface RoomState {
  readonly epoch: string;
  seq: number;
  /** Authors by their index, which is given out at a person's first event and never again. */
  readonly people: Map<number, Person>;
  /** In order of seq; only the newest part of the talk need be here. */
  readonly messages: Message[];
  /** By id. Hidden shapes may be missing: see `lacks` in evolve.ts. */
  readonly shapes: Map<string, Shape>;
}

/** The state of a room at a seq, as it crosses the wire: what a late joiner starts from. */
export interface Snapshot {
  readonly epoch: string;
  readonly seq: number;
  readonly people: readonly (readonly [index: number, person: Person])[];
  /** The newest messages, oldest first. */
  readonly messages: readonly Message[];
  /** Whether there are older messages than these. */
  readonly more: boolean;
  /** Visible shapes, lowest first. */
  readonly shapes: readonly Shape[];
}

export function fromSnapshot(snapshot: Snapshot): RoomState {
  return {
    epoch: snapshot.epoch,
    seq: snapshot.seq,
    people: new Map(snapshot.people),
    messages: [...snapshot.messages],
    shapes: new Map(snapshot.shapes.map(shape => [shape.id, shape])),
  };
}
