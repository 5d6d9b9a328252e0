/**
 * Commands and events as tests give and expect them. Only here, and in tests of single commands, do
 * they have names.
 */
import type { ShapeForm } from '../../protocol/shapes/index.js';
import type { StrokeForm } from '../../protocol/shapes/stroke.js';
import type { BoardClear, BoardCleared } from '../../protocol/timeline/commands/board-clear.js';
import type { CommandUndo, CommandUndone } from '../../protocol/timeline/commands/command-undo.js';
import type { MessagePost, MessagePosted } from '../../protocol/timeline/commands/message-post.js';
import type { ShapeCompleted, ShapeDraw, ShapeDrawn } from '../../protocol/timeline/commands/shape-draw.js';
import type { ShapesErase, ShapesErased } from '../../protocol/timeline/commands/shapes-erase.js';
import type { AnyBody, CommandBodies } from '../../protocol/timeline/commands/index.js';
import type { AnyEvent, AnyPayload, EventPayloads, EventHeader, EventType } from '../../protocol/timeline/events.js';
import type { PersonEntered } from '../../protocol/timeline/person-entered.js';
import type { Person } from '../../protocol/timeline/state.js';
import type { CommandRule, RuleRegistry } from '../../server/domain/commands/command.js';
import { RULES } from '../../server/domain/commands/index.js';
import { keepUnfinished, type ShapeKeep } from '../../server/domain/commands/shape-keep.js';

export const post = (text: string): MessagePost => ({ type: 'message.post', text });
export const draw = (shape: ShapeForm, rest: { times?: string } = {}): ShapeDraw => {
  return { type: 'shape.draw', shape, ...rest };
};
export const keep = (shape: StrokeForm): ShapeKeep => keepUnfinished(shape);
export const erase = (shapes: readonly string[]): ShapesErase => ({ type: 'shapes.erase', shapes });
export const clear = (): BoardClear => ({ type: 'board.clear' });
export const undo = (command: string): CommandUndo => ({ type: 'command.undo', command });

interface Bodies extends CommandBodies {
  readonly 'shape.keep': ShapeKeep;
}

const asks =
  <Type extends keyof Bodies>(type: Type) =>
  (body: AnyBody): body is Bodies[Type] =>
    body.type === type;

export const isPost = asks('message.post');
export const isDraw = asks('shape.draw');
export const isKeep = asks('shape.keep');
export const isUndo = asks('command.undo');

/** The server's rule for a command. */
export function ruleOf({ type }: AnyBody, rules: RuleRegistry = RULES): CommandRule {
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
  if (!rule) throw new TypeError(`no rule for ${type}`);
  return rule;
}

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

const WORDS: Readonly<Record<EventType, string>> = {
  'person.entered': 'entered',
  'message.posted': 'posted',
  'shape.drawn': 'drawn',
  'shape.completed': 'completed',
  'shapes.erased': 'erased',
  'board.cleared': 'cleared',
  'command.undone': 'undone',
};

/**
 * What happened, in words: `entered`, `posted` and so on, as the builders are called; another type
 * as it is.
 */
export function typesOf(events: Iterable<AnyPayload>): readonly string[] {
  const words: Readonly<Record<string, string>> = WORDS;
  return Array.from(events, ({ type }) => words[type] ?? type);
}
