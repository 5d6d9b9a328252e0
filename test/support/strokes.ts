import { encodeInk, type InkColor, type InkPoint } from '../../protocol/ink.js';
import { newShapeId } from '../../protocol/names.js';
import type { StrokeForm } from '../../protocol/shapes/stroke.js';

const ZIGZAG: readonly InkPoint[] = [
  { x: 0, y: 0 },
  { x: 10, y: 5 },
  { x: 20, y: 0 },
];

/** What a test may want otherwise of a stroke. */
export interface StrokeChanges {
  readonly id?: string;
  readonly color?: InkColor;
  readonly width?: number;
  readonly scale?: number;
  readonly pressure?: boolean;
  readonly points?: string;
}

/** A stroke that any board takes. */
export function stroke(changes: StrokeChanges = {}): StrokeForm {
  const { id = newShapeId(), color = 'blue', width = 4, scale = -2, pressure = false } = changes;
  const { points = encodeInk(ZIGZAG, { scale, pressure }) } = changes;
  return { id, kind: 'stroke', look: { color, width }, content: { scale, pressure, points } };
}

/** The same stroke with other points. */
export function withPoints(shape: StrokeForm, points: string): StrokeForm {
  return { ...shape, content: { ...shape.content, points } };
}
