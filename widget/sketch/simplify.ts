import { radiusAt } from './stroke-geometry.js';

/** How far a simplified stroke may lie from what was drawn, in screen px at the zoom of drawing. */
export const SIMPLIFY_TOLERANCE = 0.5;

/**
 * Leaves out the points that a stroke does not need (Ramer 1972, Douglas and Peucker 1973).
 * Pressure counts as a third dimension, weighted by the radius that it makes, so that a swelling on
 * a straight line is kept.
 *
 * @param points flat numbers, two a point or three with pressure
 * @param width of the stroke, in board units
 * @param tolerance the farthest that what remains may lie from any point left out, in board units
 * @returns the numbers of the points that remain, in order; the first and the last are always among
 * them
 */
export function simplify(
  points: ArrayLike<number>,
  { pressure, width, tolerance }: { pressure: boolean; width: number; tolerance: number },
): number[] {
  const stride = pressure ? 3 : 2;
  const count = Math.floor(points.length / stride);
  const radius = (index: number): number => (pressure ? radiusAt(width, points[index * stride + 2] ?? 0) : 0);
  const kept = new Uint8Array(count);
  if (count > 0) kept[0] = kept[count - 1] = 1;

  const open = [0, count - 1];
  while (open.length > 0) {
    const last = open.pop() ?? 0;
    const first = open.pop() ?? 0;
    let worst = tolerance * tolerance;
    let split = -1;
    const ax = points[first * stride] ?? 0;
    const ay = points[first * stride + 1] ?? 0;
    const az = radius(first);
    const dx = (points[last * stride] ?? 0) - ax;
    const dy = (points[last * stride + 1] ?? 0) - ay;
    const dz = radius(last) - az;
    const length = dx * dx + dy * dy + dz * dz;
    for (let index = first + 1; index < last; index += 1) {
      const px = (points[index * stride] ?? 0) - ax;
      const py = (points[index * stride + 1] ?? 0) - ay;
      const pz = radius(index) - az;
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy + pz * dz) / length));
      const distance = (px - along * dx) ** 2 + (py - along * dy) ** 2 + (pz - along * dz) ** 2;
      if (distance > worst) {
        worst = distance;
        split = index;
      }
    }
    if (split > 0) {
      kept[split] = 1;
      open.push(first, split, split, last);
    }
  }

  const remaining: number[] = [];
  for (let index = 0; index < count; index += 1) if (kept[index] === 1) remaining.push(index);
  return remaining;
}
