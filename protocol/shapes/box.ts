/** A rectangle in board units. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** Joined with any box it gives that box; it meets none. */
export const NOWHERE: Box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };

/** The box, larger by `by` on every side. */
export function padded(box: Box, by: number): Box {
  return { minX: box.minX - by, minY: box.minY - by, maxX: box.maxX + by, maxY: box.maxY + by };
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
