import {
  type HeldState,
  type Message,
  type Person,
  type Shape,
  visibleShapes,
} from '../../../protocol/timeline/state.js';

/** What can be seen of a state. */
export interface Shown {
  readonly seq: number;
  readonly people: readonly (readonly [index: number, person: Person])[];
  readonly messages: readonly Message[];
  /** Lowest first. */
  readonly shapes: readonly Shape[];
}

/**
 * What everyone who holds a room must agree on; hidden shapes, which some of them lack, are no part
 * of it.
 */
export function shown(state: HeldState): Shown {
  const { seq, people, messages } = state;
  return {
    seq,
    people: [...people].sort(([one], [other]) => one - other),
    messages: [...messages.values()],
    shapes: visibleShapes(state),
  };
}

/** The board alone, for who holds no messages and keeps shapes in no order. */
export function shownOnBoard(state: HeldState): readonly Shape[] {
  return visibleShapes(state).sort((one, other) => one.seq - other.seq);
}
