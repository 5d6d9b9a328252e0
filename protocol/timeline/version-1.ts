/**
 * How version 1 of the conversation says what the present one says otherwise, for pages that still
 * run its script. It goes when there is a version 3: a server speaks the present and the previous
 * version.
 *
 * Version 1 knew strokes alone, as one flat object, and went no further at an event that it did not
 * know. So what it can't know is told to it as an erasing of nothing: its timeline goes on.
 */
import type { StrokeForm } from '../shapes/stroke.js';
import type { ShapeCompleted, ShapeDrawn } from './commands/shape-draw.js';
import type { ShapesErased } from './commands/shapes-erase.js';
import type { AnyEvent, EventHeader } from './event.js';
import type { Shape, Snapshot, SnapshotShape } from './state.js';

/** A stroke in version 1. */
interface FlatStroke {
  readonly id: string;
  readonly kind: 'stroke';
  readonly color: string;
  readonly width: number;
  readonly scale: number;
  readonly pressure: boolean;
  readonly points: string;
}

const KNOWN = ['person.entered', 'message.posted', 'shapes.erased', 'board.cleared', 'command.undone'];

const NOTHING_ERASED: ShapesErased = { type: 'shapes.erased', shapes: [] };

/**
 * The body of a command, as the present version says it. What is none of version 1 stays as it is,
 * and is refused later.
 */
export function bodyFromVersion1(body: unknown): unknown {
  if (!isObject(body) || body['type'] !== 'shape.draw' || !isObject(body['stroke'])) return body;
  const { stroke, ...rest } = body;
  const { id, kind, color, width, ...content } = stroke;
  return { ...rest, shape: { id, kind, look: { color, width }, content } };
}

/** An event, as version 1 knows it. */
export function eventToVersion1(event: AnyEvent): AnyEvent {
  const { seq, prev, at, by, command } = event;
  const header: EventHeader = { seq, prev, at, by, command };
  if (isDrawing(event)) {
    const { type, shape, partial } = event;
    const stroke = flat(shape);
    if (stroke) return { ...header, type, ...{ stroke }, ...(partial && { partial }) };
  } else if (KNOWN.includes(event.type)) {
    const { waited: _, ...known } = event;
    return known;
  }
  return { ...header, ...NOTHING_ERASED };
}

/** A snapshot, as version 1 knows it. */
export function snapshotToVersion1({ epoch, seq, people, messages, more, shapes }: Snapshot): object {
  const strokes = shapes.flatMap(shape => {
    const stroke = flat(shape);
    const { by, at, seq: drawn, partial } = shape;
    return stroke ? [{ ...stroke, by, at, seq: drawn, since: drawn, ...(partial && { partial }) }] : [];
  });
  return { epoch, seq, people, messages, more, shapes: strokes };
}

function flat(shape: Shape | SnapshotShape | StrokeForm): FlatStroke | undefined {
  const { id, look, content } = shape;
  // A later kind of shape has other groups.
  const kind: string = shape.kind;
  return kind === 'stroke' ? { id, kind: 'stroke', ...look, ...content } : undefined;
}

function isDrawing(event: AnyEvent): event is EventHeader & (ShapeDrawn | ShapeCompleted) {
  return event.type === 'shape.drawn' || event.type === 'shape.completed';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
