/** What the sketch is given. */
import type { AnyForm } from '../../protocol/shapes/index.js';
import type { InkBegin } from '../../protocol/shapes/stroke.js';
import type { Person, ShapeRecord } from '../../protocol/timeline/state.js';

/**
 * A shape as it is shown, of a kind that is known here or not: numbered by the server, or still on
 * its way there. What is in it is read by the view of its kind alone.
 */
export interface BoardShape extends AnyForm, ShapeRecord {
  readonly pending?: true;
}

/** Someone who is in the room, as far as a board shows it. */
export interface BoardPeer {
  readonly peer: number;
  readonly person: Person;
  /** This connection itself, which is not shown to itself. */
  readonly self: boolean;
  /** In board units. */
  readonly cursor?: { readonly x: number; readonly y: number };
  /** The stroke in progress, all of it so far. */
  readonly ink?: InkBegin;
}
