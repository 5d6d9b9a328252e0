import type { Box } from './space.js';

/** Joined with any box it gives that box; it meets none. */
export const NOWHERE: Box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };

/** The smallest box around both. */
export function joined(a: Box, b: Box): Box {
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
  };
}

/** The box, larger by `by` on every side. */
export function padded(box: Box, by: number): Box {
  return { minX: box.minX - by, minY: box.minY - by, maxX: box.maxX + by, maxY: box.maxY + by };
}

/** Whether they have a point in common; edges count. */
export function meets(a: Box, b: Box): boolean {
  return a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY;
}

/** Whether `inner` lies wholly inside `outer`. */
export function holds(outer: Box, inner: Box): boolean {
  return outer.minX <= inner.minX && inner.maxX <= outer.maxX && outer.minY <= inner.minY && inner.maxY <= outer.maxY;
}

export function isEmpty(box: Box): boolean {
  return box.minX > box.maxX || box.minY > box.maxY;
}

/**
 * The box around the points from the `from`-th on, without any width.
 *
 * @param points flat numbers, `stride` to a point, x and y first
 */
export function around(points: ArrayLike<number>, stride: number, from = 0): Box {
  let { minX, minY, maxX, maxY } = NOWHERE;
  for (let at = from * stride; at + 1 < points.length; at += stride) {
    const x = points[at] ?? 0;
    const y = points[at + 1] ?? 0;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return { minX, minY, maxX, maxY };
}
