import { boardCleared } from './commands/board-clear.js';
import { commandUndone } from './commands/command-undo.js';
import { messagePosted } from './commands/message-post.js';
import { shapeCompleted, shapeDrawn } from './commands/shape-draw.js';
import { shapesErased } from './commands/shapes-erase.js';
import { applyEffects, type Effect } from './effects.js';
import type { AnyEvent, EventModule, EventPayloads, EventRegistry, EventType } from './events.js';
import { personEntered } from './person-entered.js';
import type { RoomState } from './state.js';

/** Everything that can happen in a room. */
export const EVENTS = {
  'person.entered': personEntered,
  'message.posted': messagePosted,
  'shape.drawn': shapeDrawn,
  'shape.completed': shapeCompleted,
  'shapes.erased': shapesErased,
  'board.cleared': boardCleared,
  'command.undone': commandUndone,
} satisfies { readonly [Type in EventType]: EventModule<EventPayloads[Type]> };

/** The module of a type of event; undefined where this program does not know the type. */
export function eventModule(type: string, events: EventRegistry = EVENTS): EventModule | undefined {
  return Object.hasOwn(events, type) ? events[type] : undefined;
}

/**
 * Applies one event to a state, in place, and says what it changed. Deterministic: no clock, no
 * chance, nothing but its arguments, so the server and every client that apply the same events in
 * the same order hold the same state.
 *
 * An event of a type that is not known here changes nothing but the seq, and marks the state as
 * newer: a page that still runs an earlier script goes on with what it knows.
 */
export function evolve(state: RoomState, event: AnyEvent, events: EventRegistry = EVENTS): readonly Effect[] {
  const effects = effectsOf(state, event, events);
  advance(state, event, effects, events);
  return effects;
}

/** The first half of `evolve`: what an event is about to change. The state is as it was. */
export function effectsOf(state: RoomState, event: AnyEvent, events: EventRegistry = EVENTS): readonly Effect[] {
  return eventModule(event.type, events)?.effects(state, event) ?? [];
}

/** The second half: makes the changes. */
export function advance(
  state: RoomState,
  event: AnyEvent,
  effects: readonly Effect[],
  events: EventRegistry = EVENTS,
): void {
  applyEffects(state, effects);
  if (!eventModule(event.type, events)) state.newer = true;
  state.seq = event.seq;
}

/**
 * Whether this state lacks hidden shapes that the event would bring back. A snapshot leaves hidden
 * shapes out, so a client that meets this takes a new snapshot instead of applying the event.
 */
export function lacks(state: RoomState, event: AnyEvent, events: EventRegistry = EVENTS): boolean {
  return eventModule(event.type, events)?.lacks?.(state, event) ?? false;
}
