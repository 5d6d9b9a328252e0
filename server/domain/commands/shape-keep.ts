import { RefusedError } from '../../../protocol/errors.js';
import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import { weightOf } from '../../../protocol/shapes/index.js';
import { isOwnPartial, type ShapeCompleted, type ShapeDrawn } from '../../../protocol/timeline/commands/shape-draw.js';
import type { CommandRule } from './command.js';
import { faultOf, membersOf, overfillsInstead } from './shape-draw.js';

/**
 * Keeps as much of a shape as there is of it, because its author vanished while drawing it. Only
 * the server gives this command, on behalf of the author; it is not on the wire.
 */
export interface ShapeKeep {
  readonly type: 'shape.keep';
  readonly shape: StrokeForm;
}

/** The command that keeps what there is of a stroke. */
export function keepUnfinished(shape: StrokeForm): ShapeKeep {
  return { type: 'shape.keep', shape };
}

export const shapeKeep: CommandRule<ShapeKeep> = {
  role: 'member',
  // It is none of the commands that its author gave, and takes no place among the last that they
  // can undo: it is taken back with what completes it, or erased.
  undoable: false,
  onBehalf: true,
  members: ({ shape }) => membersOf(shape),
  needs: ({ shape }) => ({ shapes: [shape.id] }),
  /**
   * Nothing where the author has finished after all, or where as much of the shape is kept already.
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
