import type { MessagePosted } from './commands/message-post.js';
import type { BoardCleared } from './commands/board-clear.js';
import type { CommandUndone } from './commands/command-undo.js';
import type { ShapeCompleted, ShapeDrawn } from './commands/shape-draw.js';
import type { ShapesErased } from './commands/shapes-erase.js';
import type { EventHeader } from './event.js';
import type { PersonEntered } from './person-entered.js';

/** What can happen in a room, by type: facts, told in the past tense. */
export interface EventPayloads {
  readonly 'person.entered': PersonEntered;
  readonly 'message.posted': MessagePosted;
  readonly 'shape.drawn': ShapeDrawn;
  readonly 'shape.completed': ShapeCompleted;
  readonly 'shapes.erased': ShapesErased;
  readonly 'board.cleared': BoardCleared;
  readonly 'command.undone': CommandUndone;
}

export type EventType = keyof EventPayloads;

/** What an event says beside its header. */
export type EventPayload = EventPayloads[EventType];

/** A durable, numbered entry of a room's timeline, of a type that is known here. */
export type TimelineEvent = EventHeader & EventPayload;

export type { AnyEvent, AnyPayload, EventHeader, EventModule, EventRegistry } from './event.js';
