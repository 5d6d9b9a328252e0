import type { Person, Stroke } from './state.js';

/** What every entry of a room's timeline carries. */
interface EventHeader {
  /** Its number in the timeline; rises, and may skip. */
  readonly seq: number;
  /** The number of the entry before it, 0 at the beginning: a client that has not applied that one waits. */
  readonly prev: number;
  /** Server time in milliseconds since 1970. */
  readonly at: number;
  /** The author's index among the room's authors. */
  readonly by: number;
  /** The command that it came from, so that its author knows it again. */
  readonly command: string;
}

/** What can happen in a room: facts, told in the past tense. */
export type Happening =
  /** A person's first event in this room, or a new name: `by` is their index from here on. */
  | { readonly type: 'person.entered'; readonly person: Person }
  | { readonly type: 'message.posted'; readonly text: string }
  /** `partial`: its author vanished while drawing it, and this is what the server had of it. */
  | { readonly type: 'shape.drawn'; readonly stroke: Stroke; readonly partial?: true }
  /**
   * The author of a partial shape finished it: the same shape, whole, and drawn now. Hidden it stays hidden. `partial`: they went on with it
   * and vanished again, so that it is longer but still not whole.
   */
  | { readonly type: 'shape.completed'; readonly stroke: Stroke; readonly partial?: true }
  | { readonly type: 'shapes.erased'; readonly shapes: readonly string[] }
  /** Every shape that was visible is hidden. */
  | { readonly type: 'board.cleared' }
  /**
   * The shapes that event `of` drew are hidden, or those that it hid are shown again; each only where nothing touched it since.
   * A drawing that was undone is done again by undoing the undo; an erasing, by erasing again.
   */
  | { readonly type: 'command.undone'; readonly of: number; readonly shapes: number };

/** A durable, numbered entry of a room's timeline. */
export type TimelineEvent = EventHeader & Happening;
