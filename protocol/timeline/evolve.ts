import type { TimelineEvent } from './events.js';
import type { RoomState, Shape } from './state.js';

/**
 * Applies one event to a state, in place. Deterministic: no clock, no chance, nothing but its two arguments, so the server
 * and every client that apply the same events in the same order hold the same state.
 */
export function evolve(state: RoomState, event: TimelineEvent): void {
  switch (event.type) {
    case 'person.entered':
      state.people.set(event.by, event.person);
      break;
    case 'message.posted':
      state.messages.push({ seq: event.seq, by: event.by, at: event.at, text: event.text });
      break;
    case 'shape.drawn': {
      const { by, at, seq, stroke, partial } = event;
      state.shapes.set(stroke.id, { ...stroke, by, at, seq, since: seq, ...(partial && { partial }) });
      break;
    }
    case 'shape.completed': {
      const { by, at, seq, stroke, partial } = event;
      const before = state.shapes.get(stroke.id);
      // A state that lacks it lacks a hidden shape, which stays hidden.
      if (!before) break;
      const { since, hidden } = before;
      const visibility = hidden ? { since, hidden } : { since: seq };
      // Set anew, so that it lies on top.
      state.shapes.delete(stroke.id);
      state.shapes.set(stroke.id, { ...stroke, by, at, seq, ...visibility, ...(partial && { partial }) });
      break;
    }
    case 'shapes.erased':
      for (const id of event.shapes) {
        const shape = state.shapes.get(id);
        if (shape && !shape.hidden) state.shapes.set(id, hide(shape, event.seq));
      }
      break;
    case 'board.cleared':
      for (const shape of visibleShapes(state)) state.shapes.set(shape.id, hide(shape, event.seq));
      break;
    case 'command.undone':
      for (const shape of shapesSince(state, event.of)) {
        state.shapes.set(shape.id, shape.hidden ? show(shape) : hide(shape, event.seq));
      }
      break;
    default:
      return unknownEvent(event);
  }
  state.seq = event.seq;
}

/**
 * Whether this state lacks hidden shapes that the event would bring back. A snapshot leaves hidden shapes out, so a client
 * that meets this takes a new snapshot instead of applying the event.
 */
export function lacks(state: RoomState, event: TimelineEvent): boolean {
  return event.type === 'command.undone' && shapesSince(state, event.of).length !== event.shapes;
}

/** The shapes that event `seq` was the last to show or hide. */
export function shapesSince(state: RoomState, seq: number): Shape[] {
  return [...state.shapes.values()].filter(shape => shape.since === seq);
}

export function visibleShapes(state: RoomState): Shape[] {
  return [...state.shapes.values()].filter(shape => !shape.hidden);
}

function hide(shape: Shape, since: number): Shape {
  return { ...shape, since, hidden: true };
}

/** What can be seen is as its drawing left it, so that the drawing can be undone after an erasing was. */
function show(shape: Shape): Shape {
  const { hidden: _, ...rest } = shape;
  return { ...rest, since: shape.seq };
}

function unknownEvent(event: never): never {
  throw new TypeError(`Unknown event: ${JSON.stringify(event)}`);
}
