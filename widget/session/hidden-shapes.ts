import type { TimelineEvent } from '../../protocol/timeline/events.js';
import type { RoomState, Shape } from '../../protocol/timeline/state.js';

/** How many hidden shapes a client keeps for a coming undo; one that needs an older shape takes a snapshot. */
export const HIDDEN_KEPT = 4_000;
/** How often is looked, in shapes. */
const STRIDE = 500;

/** Lets go of the shapes that were hidden longest ago, so that a board in use for days does not grow without end. */
export function forgetOldestHidden(state: RoomState, latest: TimelineEvent): void {
  // Only drawing makes the map grow.
  if (latest.type !== 'shape.drawn' || state.shapes.size % STRIDE !== 0) return;
  const hidden: Shape[] = [];
  for (const shape of state.shapes.values()) if (shape.hidden) hidden.push(shape);
  const surplus = hidden.length - HIDDEN_KEPT;
  if (surplus <= 0) return;
  hidden.sort((one, other) => one.since - other.since);
  for (const shape of hidden.slice(0, surplus)) state.shapes.delete(shape.id);
}
