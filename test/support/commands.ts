/** Commands and events as tests give and expect them. Only here, and in tests of single commands, do they have names. */
import type { ShapeForm } from '../../protocol/shapes/index.js';
import type { StrokeForm } from '../../protocol/shapes/stroke.js';
import type { BoardClear, BoardCleared } from '../../protocol/timeline/commands/board-clear.js';
import type { CommandUndo, CommandUndone } from '../../protocol/timeline/commands/command-undo.js';
import type { MessagePost, MessagePosted } from '../../protocol/timeline/commands/message-post.js';
import type { ShapeCompleted, ShapeDraw, ShapeDrawn } from '../../protocol/timeline/commands/shape-draw.js';
import type { ShapesErase, ShapesErased } from '../../protocol/timeline/commands/shapes-erase.js';
import type { AnyEvent, EventPayloads, EventHeader, EventType } from '../../protocol/timeline/events.js';
import type { PersonEntered } from '../../protocol/timeline/person-entered.js';
import type { Person } from '../../protocol/timeline/state.js';
import { keepUnfinished, type ShapeKeep } from '../../server/domain/commands/shape-keep.js';

export const post = (text: string): MessagePost => ({ type: 'message.post', text });
export const draw = (shape: ShapeForm, rest: { times?: string } = {}): ShapeDraw => {
  return { type: 'shape.draw', shape, ...rest };
};
export const keep = (shape: StrokeForm): ShapeKeep => keepUnfinished(shape);
export const erase = (shapes: readonly string[]): ShapesErase => ({ type: 'shapes.erase', shapes });
export const clear = (): BoardClear => ({ type: 'board.clear' });
export const undo = (command: string): CommandUndo => ({ type: 'command.undo', command });

export const entered = (person: Person): PersonEntered => ({ type: 'person.entered', person });
export const posted = (text: string): MessagePosted => ({ type: 'message.posted', text });
export const drawn = (shape: ShapeForm, rest: { times?: string; partial?: true } = {}): ShapeDrawn => {
  return { type: 'shape.drawn', shape, ...rest };
};
export const completed = (shape: ShapeForm, rest: { times?: string; partial?: true } = {}): ShapeCompleted => {
  return { type: 'shape.completed', shape, ...rest };
};
export const erased = (shapes: readonly string[]): ShapesErased => ({ type: 'shapes.erased', shapes });
export const cleared = (): BoardCleared => ({ type: 'board.cleared' });
export const undone = (of: number, shapes: number): CommandUndone => ({ type: 'command.undone', of, shapes });

type Told<Type extends EventType> = EventHeader & EventPayloads[Type];

const is =
  <Type extends EventType>(type: Type) =>
  (event: AnyEvent): event is Told<Type> =>
    event.type === type;

export const isEntered = is('person.entered');
export const isPosted = is('message.posted');
export const isDrawn = is('shape.drawn');
export const isCompleted = is('shape.completed');
export const isErased = is('shapes.erased');
export const isCleared = is('board.cleared');
export const isUndone = is('command.undone');
