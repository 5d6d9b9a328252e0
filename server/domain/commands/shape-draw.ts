import { RefusedError } from '../../../protocol/errors.js';
import { type ShapeForm, shapeModule, weightOf } from '../../../protocol/shapes/index.js';
import { shapeDraw as command, type ShapeDraw } from '../../../protocol/timeline/commands/shape-draw.js';
import type { Shape } from '../../../protocol/timeline/state.js';
import { type CommandRule, type DecisionContext, giverOf, isUndoable, overfills } from './command.js';

export const shapeDraw: CommandRule<ShapeDraw> = {
  role: 'member',
  undoable: isUndoable(command),
  members: ({ shape, times }) => [...membersOf(shape), ...(times === undefined ? [] : [times])],
  needs: ({ shape }) => ({ shapes: [shape.id] }),
  points: ({ shape }) => shapeModule(shape.kind)?.points(shape) ?? 0,
  decide(state, { type, shape, times }, context) {
    const fault = faultOf(shape, times);
    if (fault) return fault;
    const kept = times === undefined || !context.policy.keepsTimes ? { type, shape } : { type, shape, times };
    const outcome = command.outcome(state, kept, giverOf(context));
    if (outcome.length === 0) return new RefusedError('shape_id_taken');
    return overfillsInstead(shape, state.shapes.get(shape.id), context) ? new RefusedError('board_full') : outcome;
  },
};

/** See `CommandRule.members`. */
export function membersOf(shape: ShapeForm): readonly unknown[] {
  return shapeModule(shape.kind)?.members?.(shape) ?? [sorted(shape)];
}

/** What is wrong with a shape that has the right members. */
export function faultOf(shape: ShapeForm, times?: string): RefusedError | undefined {
  const fault = shapeModule(shape.kind)?.fault(shape, times);
  return fault === undefined ? undefined : new RefusedError('invalid_input', { message: fault });
}

/**
 * Whether a shape would overfill the board. One that replaces a hidden shape stays hidden, and
 * counts for nothing.
 */
export function overfillsInstead(shape: ShapeForm, known: Shape | undefined, context: DecisionContext): boolean {
  if (known?.hidden) return false;
  const { visible, weight } = context;
  const without = known ? { visible: visible - 1, weight: weight - weightOf(known) } : context;
  return overfills(1, weightOf(shape), without);
}

/** Objects as sorted lists of pairs, so that equal ones have the same text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return members.map(([name, member]) => [name, sorted(member)]);
}
