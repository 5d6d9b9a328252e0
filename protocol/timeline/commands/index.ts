/**
 * What a person may ask a room to do. A new command is a module beside this file, and an entry in
 * both of these.
 */
import { boardClear, type BoardClear } from './board-clear.js';
import type { CommandModule } from './command.js';
import { commandUndo, type CommandUndo } from './command-undo.js';
import { messagePost, type MessagePost } from './message-post.js';
import { shapeDraw, type ShapeDraw } from './shape-draw.js';
import { shapesErase, type ShapesErase } from './shapes-erase.js';

export type { AnyBody, CommandModule, Giver } from './command.js';

/** What is asked, by type. Each becomes events, nothing, or a refusal. */
export interface CommandBodies {
  readonly 'message.post': MessagePost;
  readonly 'shape.draw': ShapeDraw;
  readonly 'shapes.erase': ShapesErase;
  readonly 'board.clear': BoardClear;
  readonly 'command.undo': CommandUndo;
}

export const COMMANDS = {
  'message.post': messagePost,
  'shape.draw': shapeDraw,
  'shapes.erase': shapesErase,
  'board.clear': boardClear,
  'command.undo': commandUndo,
} satisfies { readonly [Type in CommandType]: CommandModule<CommandBodies[Type]> };

export type CommandType = keyof CommandBodies;

export type CommandBody = CommandBodies[CommandType];

/** What a command is about. */
export type CommandTarget = CommandModule['target'];

/** The module of a type of command; undefined where this program does not know the type. */
export function commandModule(type: string): CommandModule | undefined {
  const commands: Readonly<Record<string, CommandModule>> = COMMANDS;
  return Object.hasOwn(commands, type) ? commands[type] : undefined;
}
