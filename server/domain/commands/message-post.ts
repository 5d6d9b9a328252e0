import { RefusedError } from '../../../protocol/errors.js';
import { messagePost as command, type MessagePost } from '../../../protocol/timeline/commands/message-post.js';
import { type CommandRule, giverOf, isUndoable } from './command.js';
import { messageText } from './message-text.js';

export const messagePost: CommandRule<MessagePost> = {
  role: 'member',
  undoable: isUndoable(command),
  members: ({ text }) => [text],
  decide(state, body, context) {
    const text = messageText(body.text);
    return text instanceof RefusedError ? text : command.outcome(state, { ...body, text }, giverOf(context));
  },
};
