import type { Box } from '../../protocol/shapes/box.js';
import type { BoardPoint } from './space.js';
import { countOf, radiusAt, strideOf, type StrokeGeometry } from './stroke-geometry.js';

/**
 * Whether the ink of a stroke comes within `radius` board units of the way from `from` to `to` (the
 * same point twice for a single spot).
 */
export function touchesStroke(geometry: StrokeGeometry, from: BoardPoint, to: BoardPoint, radius: number): boolean {
  const { points, width, pressure } = geometry;
  const stride = strideOf(geometry);
  const count = countOf(geometry);
  const inkAt = (index: number): number => (pressure ? radiusAt(width, points[index * stride + 2] ?? 0.5) : width / 2);
  for (let index = 0; index < count; index += 1) {
    const other = Math.min(index + 1, count - 1);
    const reach = radius + Math.max(inkAt(index), inkAt(other));
    const distance = segmentDistance(
      from,
      to,
      { x: points[index * stride] ?? 0, y: points[index * stride + 1] ?? 0 },
      { x: points[other * stride] ?? 0, y: points[other * stride + 1] ?? 0 },
    );
    if (distance <= reach) return true;
  }
  return false;
}

/** The distance between the segments ab and cd; 0 where they cross. */
export function segmentDistance(a: BoardPoint, b: BoardPoint, c: BoardPoint, d: BoardPoint): number {
  if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return 0;
  return Math.min(pointDistance(a, c, d), pointDistance(b, c, d), pointDistance(c, a, b), pointDistance(d, a, b));
}

/** The distance between the segment ab and a box, all of its inside included. */
export function boxDistance(a: BoardPoint, b: BoardPoint, { minX, minY, maxX, maxY }: Box): number {
  if (a.x >= minX && a.x <= maxX && a.y >= minY && a.y <= maxY) return 0;
  const corners = [
    { x: minX, y: minY },
    { x: maxX, y: minY },
    { x: maxX, y: maxY },
    { x: minX, y: maxY },
  ];
  return Math.min(...corners.map((corner, index) => segmentDistance(a, b, corner, corners[(index + 1) % 4] ?? corner)));
}

/** On which side of the line ab a point lies; 0 on it. */
function side(a: BoardPoint, b: BoardPoint, point: BoardPoint): number {
  return Math.sign((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x));
}

function pointDistance(point: BoardPoint, a: BoardPoint, b: BoardPoint): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length));
  return Math.hypot(point.x - a.x - along * dx, point.y - a.y - along * dy);
}
