/** Rooms as events make them, for tests of `evolve`. */
import type { EventPayload, TimelineEvent } from '../../../protocol/timeline/events.js';
import { evolve } from '../../../protocol/timeline/evolve.js';
import {
  emptyState,
  fromSnapshot,
  type HeldState,
  type RoomState,
  visibleShapes,
} from '../../../protocol/timeline/state.js';

export function emptyRoom(): HeldState {
  return emptyState('e');
}

/** The event that a payload is, where the room stands. */
export function next(state: RoomState, payload: EventPayload, by = 1): TimelineEvent {
  return { seq: state.seq + 1, prev: state.seq, at: 1_000 + state.seq, by, command: 'c', ...payload };
}

/** Applies what happens to an empty room. */
export function roomAfter(...payloads: readonly EventPayload[]): HeldState {
  const state = emptyRoom();
  for (const payload of payloads) evolve(state, next(state, payload));
  return state;
}

/** The board of a room as somebody has it who comes now. */
export function toWhoComesLate(state: RoomState): HeldState {
  const { epoch, seq, redactions } = state;
  const nothing = { people: [], messages: [], more: false, settings: [] };
  return fromSnapshot({ epoch, seq, redactions, ...nothing, shapes: visibleShapes(state) });
}
