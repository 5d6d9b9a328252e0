import type { Stroke } from './state.js';

/** What a person asks a room to do: orders. Each becomes one event, or a refusal. */
export type CommandBody =
  | { readonly type: 'message.post'; readonly text: string }
  | { readonly type: 'shape.draw'; readonly stroke: Stroke }
  | { readonly type: 'shapes.erase'; readonly shapes: readonly string[] }
  /** Hides everything on the board; for moderators. */
  | { readonly type: 'board.clear' }
  /** Takes back an own drawing, erasing or clearing, or the undoing of a drawing (which is its redo), by its command id. */
  | { readonly type: 'command.undo'; readonly command: string };

export type CommandType = CommandBody['type'];

/** The commands that change the board, and can be undone. */
export const UNDOABLE: ReadonlySet<CommandType> = new Set([
  'shape.draw',
  'shapes.erase',
  'board.clear',
  'command.undo',
]);
