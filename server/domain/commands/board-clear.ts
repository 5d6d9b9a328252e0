import { boardClear as command, type BoardClear } from '../../../protocol/timeline/commands/board-clear.js';
import { type CommandRule, giverOf, isUndoable } from './command.js';

export const boardClear: CommandRule<BoardClear> = {
  role: 'moderator',
  undoable: isUndoable(command),
  members: () => [],
  decide: (state, body, context) => command.outcome(state, body, giverOf(context)),
};
