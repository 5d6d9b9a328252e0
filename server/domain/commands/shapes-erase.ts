import { shapesErase as command, type ShapesErase } from '../../../protocol/timeline/commands/shapes-erase.js';
import { type CommandRule, giverOf, isUndoable } from './command.js';

/** Anyone who may draw may erase anyone's shapes. */
export const shapesErase: CommandRule<ShapesErase> = {
  role: 'member',
  undoable: isUndoable(command),
  members: ({ shapes }) => shapes,
  decide: (state, body, context) => command.outcome(state, body, giverOf(context)),
};
