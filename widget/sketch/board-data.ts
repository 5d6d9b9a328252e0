import type { InkBegin } from '../../protocol/conversation.js';
import type { Person, Shape } from '../../protocol/timeline/state.js';

/** A shape as it is shown: numbered by the server, or still on its way there. */
export interface BoardShape extends Shape {
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
