import { RefusedError } from '../../../protocol/errors.js';
import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import { weightOf } from '../../../protocol/shapes/index.js';
import { isOwnPartial, type ShapeCompleted, type ShapeDrawn } from '../../../protocol/timeline/commands/shape-draw.js';
import type { CommandRule } from './command.js';
import { faultOf, membersOf, overfillsInstead } from './shape-draw.js';

/**
 * Keeps an unfinished shape, because its author vanished while drawing it. Only the server gives
 * this command, on the author's behalf; it is not on the wire.
 */
export interface ShapeKeep {
  readonly type: 'shape.keep';
  readonly shape: StrokeForm;
}

/** The command that keeps an unfinished stroke. */
export function keepUnfinished(shape: StrokeForm): ShapeKeep {
  return { type: 'shape.keep', shape };
}

export const shapeKeep: CommandRule<ShapeKeep> = {
  role: 'member',
  // The author did not give this command, so it does not count among the last that they can undo.
  // It goes with an undo of what completes the shape, or by erasing.
  undoable: false,
  onBehalf: true,
  members: ({ shape }) => membersOf(shape),
  needs: ({ shape }) => ({ shapes: [shape.id] }),
  /**
   * Changes nothing where the author has finished after all, or as much of the shape is kept
   * already.
   */
  decide(state, { shape }, context) {
    const fault = faultOf(shape);
    if (fault) return fault;
    const known = state.shapes.get(shape.id);
    const isLonger = known && isOwnPartial(known, context.author ?? -1) && weightOf(known) < weightOf(shape);
    if (known && !isLonger) return [];
    if (overfillsInstead(shape, known, context)) return new RefusedError('board_full');
    const kept: ShapeDrawn | ShapeCompleted = {
      type: known ? 'shape.completed' : 'shape.drawn',
      shape,
      partial: true,
    };
    return [kept];
  },
};
