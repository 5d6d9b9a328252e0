/** What a client does to the state of a room beside applying events to it. */
import type { Effect } from '../../protocol/timeline/effects.js';
import {
  fromSnapshot,
  type HeldState,
  type Message,
  type Shape,
  type Snapshot,
} from '../../protocol/timeline/state.js';

/**
 * How many hidden shapes a client keeps for a coming undo; one that needs an older shape takes a
 * snapshot.
 */
export const HIDDEN_KEPT = 4_000;
/** After how many new shapes the hidden ones are counted. */
const STRIDE = 500;

/** Puts older messages in front of those that are there. */
export function prepend(state: HeldState, older: readonly Message[]): void {
  const present = [...state.messages.values()];
  state.messages.clear();
  for (const message of [...older, ...present]) state.messages.set(message.seq, message);
}

/**
 * A snapshot's state, with what was loaded before and is not part of a snapshot: older messages,
 * where the two meet and nothing was erased for good in between, and whether an event of an unknown
 * type was passed.
 *
 * @returns `more`: whether there are older messages than those in the state; undefined: as it was
 */
export function carryOver(
  old: HeldState | undefined,
  snapshot: Snapshot,
): { readonly state: HeldState; readonly more: boolean | undefined } {
  const state = fromSnapshot(snapshot);
  if (old) state.newer = old.newer;
  const [first] = state.messages.keys();
  if (!old || first === undefined || !isContinued(old, state) || old.seq < first) return { state, more: snapshot.more };
  for (const [index, person] of old.people) if (!state.people.has(index)) state.people.set(index, person);
  prepend(
    state,
    [...old.messages.values()].filter(({ seq }) => seq < first),
  );
  return { state, more: undefined };
}

function isContinued(old: HeldState, state: HeldState): boolean {
  return old.epoch === state.epoch && old.redactions === state.redactions;
}

/**
 * Drops the shapes that were hidden longest ago, so that a board in use for days does not grow
 * without end.
 */
export function dropOldestHidden(state: HeldState, latest: readonly Effect[]): void {
  const grew = latest.some(effect => effect.type === 'putShape' && effect.isNew);
  if (!grew || state.shapes.size % STRIDE !== 0) return;
  const hidden: Shape[] = [];
  for (const shape of state.shapes.values()) if (shape.hidden) hidden.push(shape);
  const surplus = hidden.length - HIDDEN_KEPT;
  if (surplus <= 0) return;
  hidden.sort((one, other) => one.since - other.since);
  for (const shape of hidden.slice(0, surplus)) state.shapes.delete(shape.id);
}
