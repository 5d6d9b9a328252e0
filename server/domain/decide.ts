/**
 * The rules of a room: what a command from someone leads to. Pure: it changes nothing, and knows no clock, storage or
 * connection. What it answers becomes true only once it is kept.
 */
import { RefusedError } from '../../protocol/errors.js';
import { decodeInk } from '../../protocol/ink.js';
import { LIMITS } from '../../protocol/limits.js';
import type { Happening } from '../../protocol/timeline/events.js';
import { shapesSince } from '../../protocol/timeline/evolve.js';
import type { Person, Role, RoomState, Shape, Stroke } from '../../protocol/timeline/state.js';
import { messageText } from './message-text.js';
import type { RoomCommand } from './room-command.js';

/** Who gives a command, as their token says. */
export interface Actor {
  readonly person: Person;
  readonly role: Role;
}

/** What an undo would take back. */
export interface UndoTarget {
  /** The event of the command that is to be undone. */
  readonly seq: number;
  /** How many undoable commands the same person gave after it. */
  readonly later: number;
}

/** What is known about a command besides the room's state. */
export interface DecisionContext {
  /** The actor's index among the room's authors; undefined before their first event. */
  readonly author: number | undefined;
  /** How many shapes of the state are visible: kept by the caller, since counting takes long on a full board. */
  readonly visible: number;
  /** How many characters the points of those take. */
  readonly points: number;
  /**
   * For `command.undo`: what the named command of this person did; `nothing` where it was accepted but left nothing that
   * could be taken back; undefined where this person gave no such command.
   */
  readonly target?: UndoTarget | 'nothing' | undefined;
}

/**
 * Decides what a command leads to.
 *
 * @param state the room's state, with every hidden shape that the command may touch or whose id it wants to give out
 * @returns what happens, in order; nothing where the command is allowed and changes nothing; or why it is refused.
 */
export function decide(
  state: RoomState,
  actor: Actor,
  command: RoomCommand,
  context: DecisionContext,
): readonly Happening[] | RefusedError {
  if (actor.role === 'viewer') return new RefusedError('role_forbidden');
  const deed = deedOf(state, actor, command, context);
  if (deed === undefined) return [];
  if (deed instanceof RefusedError) return deed;
  const known = context.author === undefined ? undefined : state.people.get(context.author);
  const { id, name, guest } = actor.person;
  // Who vanished is called as they were then, and may have come back under another name since.
  if (known && (command.type === 'shape.keep' || (known.name === name && known.guest === guest))) return [deed];
  return [{ type: 'person.entered', person: guest ? { id, name, guest } : { id, name } }, deed];
}

function deedOf(
  state: RoomState,
  actor: Actor,
  command: RoomCommand,
  context: DecisionContext,
): Happening | RefusedError | undefined {
  switch (command.type) {
    case 'message.post': {
      const text = messageText(command.text);
      return text instanceof RefusedError ? text : { type: 'message.posted', text };
    }
    case 'shape.draw':
      return draw(state, command.stroke, context);
    case 'shape.keep':
      return keep(state, command.stroke, context);
    case 'shapes.erase':
      return erase(state, command.shapes);
    case 'board.clear':
      if (actor.role !== 'moderator') return new RefusedError('role_forbidden');
      return context.visible === 0 ? undefined : { type: 'board.cleared' };
    case 'command.undo':
      return undo(state, context);
    default:
      return unknownCommand(command);
  }
}

function draw(state: RoomState, sent: Stroke, context: DecisionContext): Happening | RefusedError {
  const stroke = validStroke(sent);
  if (stroke instanceof RefusedError) return stroke;
  const known = state.shapes.get(stroke.id);
  if (known && !isOwnPartial(known, context)) return new RefusedError('shape_id_taken');
  if (overfillsInstead(stroke, known, context)) return new RefusedError('board_full');
  return { type: known ? 'shape.completed' : 'shape.drawn', stroke };
}

/** An author vanished. Nothing where they have finished after all, or where as much of the stroke is kept already. */
function keep(state: RoomState, sent: Stroke, context: DecisionContext): Happening | RefusedError | undefined {
  const stroke = validStroke(sent);
  if (stroke instanceof RefusedError) return stroke;
  const known = state.shapes.get(stroke.id);
  if (known && !(isOwnPartial(known, context) && known.points.length < stroke.points.length)) return undefined;
  if (overfillsInstead(stroke, known, context)) return new RefusedError('board_full');
  return { type: known ? 'shape.completed' : 'shape.drawn', stroke, partial: true };
}

/** A stroke built anew, so that what is kept and told has these fields alone. */
function validStroke({ id, kind, color, width, scale, pressure, points }: Stroke): Stroke | RefusedError {
  const stroke: Stroke = { id, kind, color, width, scale, pressure, points };
  if (decodeInk(points, stroke, LIMITS.boardExtent)?.length) return stroke;
  return new RefusedError('invalid_input', {
    message: 'The points of the stroke are not whole points on the board, one at least.',
  });
}

function isOwnPartial({ partial, by }: Shape, { author }: DecisionContext): boolean {
  return partial === true && by === author;
}

/** Anyone who may draw may erase anyone's shapes; what somebody else erased a moment ago is no reason to fail. */
function erase(state: RoomState, named: readonly string[]): Happening | undefined {
  const shapes = [...new Set(named)].filter(id => {
    const shape = state.shapes.get(id);
    return shape !== undefined && !shape.hidden;
  });
  return shapes.length === 0 ? undefined : { type: 'shapes.erased', shapes };
}

function undo(state: RoomState, context: DecisionContext): Happening | RefusedError | undefined {
  const { target } = context;
  if (target === undefined) return new RefusedError('undo_unknown');
  if (target === 'nothing') return undefined;
  if (target.later >= LIMITS.undoDepth) return new RefusedError('undo_too_old');
  const shapes = shapesSince(state, target.seq);
  if (shapes.length === 0) return undefined;
  const shown = shapes.filter(shape => shape.hidden);
  if (shown.length > 0 && overfills(shown, context)) return new RefusedError('board_full');
  return { type: 'command.undone', of: target.seq, shapes: shapes.length };
}

/** Whether the board can't take these too. Both limits bound what a room takes in memory, and in a snapshot. */
function overfills(more: readonly Stroke[], { visible, points }: DecisionContext): boolean {
  const added = more.reduce((sum, stroke) => sum + stroke.points.length, 0);
  return visible + more.length > LIMITS.shapesPerBoard || points + added > LIMITS.pointsPerBoard;
}

/** The same for a stroke that takes the place of a shape; of a hidden one, which stays hidden, it takes none that counts. */
function overfillsInstead(stroke: Stroke, known: Shape | undefined, context: DecisionContext): boolean {
  if (known?.hidden) return false;
  const { visible, points } = context;
  const without = known && { visible: visible - 1, points: points - known.points.length };
  return overfills([stroke], { ...context, ...without });
}

function unknownCommand(command: never): never {
  // Its kind alone: what faults say is logged, and what people write is not.
  const { type } = command as { readonly type?: unknown };
  throw new TypeError(`Unknown command: ${String(type)}`);
}
