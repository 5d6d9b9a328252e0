/** Rooms as events make them, for tests of `evolve`. */
import type { Happening, TimelineEvent } from '../../../protocol/timeline/events.js';
import { evolve, visibleShapes } from '../../../protocol/timeline/evolve.js';
import { fromSnapshot, type RoomState } from '../../../protocol/timeline/state.js';

export function emptyRoom(): RoomState {
  return { epoch: 'e', seq: 0, people: new Map(), messages: [], shapes: new Map() };
}

/** The event that a happening is, where the room stands. */
export function next(state: RoomState, happening: Happening, by = 1): TimelineEvent {
  return { seq: state.seq + 1, prev: state.seq, at: 1_000 + state.seq, by, command: 'c', ...happening };
}

/** Applies what happens to an empty room. */
export function roomAfter(...happenings: readonly Happening[]): RoomState {
  const state = emptyRoom();
  for (const happening of happenings) evolve(state, next(state, happening));
  return state;
}

/** The board of a room as somebody has it who comes now. */
export function toWhoComesLate(state: RoomState): RoomState {
  const { epoch, seq } = state;
  return fromSnapshot({ epoch, seq, people: [], messages: [], more: false, shapes: visibleShapes(state) });
}
