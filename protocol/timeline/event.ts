/** What events of all types have in common. Which types there are is said in events.ts. */
import type { Effect } from './effects.js';
import type { RoomState } from './state.js';

/** What every entry of a room's timeline carries. */
export interface EventHeader {
  /** Its number in the timeline; rises, and may skip. */
  readonly seq: number;
  /**
   * The number of the entry before it, 0 at the beginning: a client that has not applied that one
   * waits.
   */
  readonly prev: number;
  /** Server time in milliseconds since 1970. */
  readonly at: number;
  /** The author's index among the room's authors. */
  readonly by: number;
  /** The command that it came from, so that its author knows it again. */
  readonly command: string;
  /**
   * Milliseconds that the command lay in its author's outbox before `at`; absent where it was sent
   * at once.
   */
  readonly waited?: number;
}

/** The members that events of all types have, also of those that only a later version knows. */
export interface AnyPayload {
  readonly type: string;
}

/** An event of any type, known here or not. */
export type AnyEvent = EventHeader & AnyPayload;

/** What the protocol knows of one type of event. */
export interface EventModule<Payload extends AnyPayload = AnyPayload> {
  /** What it changes, as the state stands. Reads the state and changes nothing: `evolve` does. */
  effects(state: RoomState, event: EventHeader & Payload): readonly Effect[];
  /**
   * Whether the state lacks rows that it speaks of, which a snapshot leaves out. Default: it never
   * does.
   */
  lacks?(state: RoomState, event: EventHeader & Payload): boolean;
  /**
   * The shape that it made whole, so that nobody draws on at it; undefined where it made none.
   * Default: none.
   */
  finishes?(event: Payload): string | undefined;
}

/** Modules by type. */
export type EventRegistry = Readonly<Record<string, EventModule>>;
