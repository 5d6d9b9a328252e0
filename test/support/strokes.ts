import { encodeInk, type InkPoint } from '../../protocol/ink.js';
import { newShapeId } from '../../protocol/names.js';
import type { Stroke } from '../../protocol/timeline/state.js';

const ZIGZAG: readonly InkPoint[] = [
  { x: 0, y: 0 },
  { x: 10, y: 5 },
  { x: 20, y: 0 },
];

/** A stroke that any board takes. */
export function stroke(changed: Partial<Stroke> = {}): Stroke {
  const format = { scale: -2, pressure: false };
  return {
    id: newShapeId(),
    kind: 'stroke',
    color: 'blue',
    width: 4,
    ...format,
    points: encodeInk(ZIGZAG, format),
    ...changed,
  };
}
