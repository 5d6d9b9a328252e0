import { type CommandBody, type CommandType, UNDOABLE } from '../../protocol/timeline/commands.js';
import type { Stroke } from '../../protocol/timeline/state.js';

/**
 * Keeps as much of a stroke as there is of it, because its author vanished while drawing it. Only the server gives this command, on behalf of
 * the author; it is not on the wire.
 */
export interface KeepUnfinished {
  readonly type: 'shape.keep';
  readonly stroke: Stroke;
}

/** What a room may be asked to do. */
export type RoomCommand = CommandBody | KeepUnfinished;

const UNDOABLE_TYPES: ReadonlySet<CommandType | KeepUnfinished['type']> = UNDOABLE;

/**
 * Whether its author can undo it. What the server kept for them is none of the commands that they gave, and takes no place among the last
 * that they can undo: it is taken back with what completed it, or erased.
 */
export function isUndoable({ type }: RoomCommand): boolean {
  return UNDOABLE_TYPES.has(type);
}
