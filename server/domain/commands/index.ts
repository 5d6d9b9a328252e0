/** The rules of all commands. A new one is a module beside this file, and an entry here. */
import type { CommandBodies } from '../../../protocol/timeline/commands/index.js';
import { boardClear } from './board-clear.js';
import type { CommandRule } from './command.js';
import { commandUndo } from './command-undo.js';
import { messagePost } from './message-post.js';
import { shapeDraw } from './shape-draw.js';
import { shapeKeep, type ShapeKeep } from './shape-keep.js';
import { shapesErase } from './shapes-erase.js';

/** What people, and the server itself, may ask of a room. */
interface RoomCommands extends CommandBodies {
  readonly 'shape.keep': ShapeKeep;
}

export const RULES = {
  'message.post': messagePost,
  'shape.draw': shapeDraw,
  'shape.keep': shapeKeep,
  'shapes.erase': shapesErase,
  'board.clear': boardClear,
  'command.undo': commandUndo,
} satisfies { readonly [Type in keyof RoomCommands]: CommandRule<RoomCommands[Type]> };
