import { RefusedError } from '../../../protocol/errors.js';
import { LIMITS } from '../../../protocol/limits.js';
import { weightOf } from '../../../protocol/shapes/index.js';
import { commandUndo as command, type CommandUndo } from '../../../protocol/timeline/commands/command-undo.js';
import { shapesSince } from '../../../protocol/timeline/state.js';
import { type CommandRule, giverOf, isUndoable, overfills } from './command.js';

export const commandUndo: CommandRule<CommandUndo> = {
  role: 'member',
  undoable: isUndoable(command),
  members: body => [body.command],
  needs: body => ({ undoes: body.command }),
  decide(state, body, context) {
    const { target } = context;
    if (target === undefined) return new RefusedError('undo_unknown');
    if (target === 'nothing') return [];
    if (target.later >= LIMITS.undoDepth) return new RefusedError('undo_too_old');
    const shown = shapesSince(state, target.seq).filter(({ hidden }) => hidden);
    const weight = shown.reduce((sum, shape) => sum + weightOf(shape), 0);
    if (shown.length > 0 && overfills(shown.length, weight, context)) return new RefusedError('board_full');
    return command.outcome(state, body, { ...giverOf(context), eventOf: () => target.seq });
  },
};
