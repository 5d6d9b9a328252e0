import type { Box } from '../../protocol/shapes/box.js';
import { boardPoint, type BoardPoint } from './space.js';
import { countOf, reachOf, strideOf, type StrokeGeometry } from './stroke-geometry.js';

/**
 * From one point of a stroke to the next: a cubic Bézier curve with the ends 0 and 1 and the
 * handles a and b.
 */
export interface Segment {
  /** Of the point where it begins. */
  index: number;
  x0: number;
  y0: number;
  /** Pressure at the beginning, from 0 to 1. */
  p0: number;
  ax: number;
  ay: number;
  bx: number;
  by: number;
  x1: number;
  y1: number;
  p1: number;
  /** The handles lie on the chord. */
  straight: boolean;
}

/** A turn by more than this is a corner, however dense the points are: the cosine of 75°. */
const CORNER = 0.26;

/** How far a curve with two handles leaves its chord, in units of how far the handles do. */
const BULGE = 0.75;

/**
 * Walks along a stroke's curve. It goes through every point, with the direction there that the
 * parabola through the point and its two neighbours has; where that would leave the chords by more
 * than the stroke's slack, the point is a corner. So a simplified stroke stays as near to what was
 * drawn as the simplification did, and a rectangle keeps its corners. Each segment depends on four
 * points alone: what is drawn of a growing stroke no longer changes, but for its last two segments.
 *
 * @param near only segments whose ink may show in this box are visited
 * @param visit is given the same object each time, written over
 */
export function eachSegment(geometry: StrokeGeometry, near: Box | undefined, visit: (segment: Segment) => void): void {
  const { points, pressure } = geometry;
  const stride = strideOf(geometry);
  const count = countOf(geometry);
  const reach = reachOf(geometry);
  const segment: Segment = {
    index: 0,
    x0: 0,
    y0: 0,
    p0: 0,
    ax: 0,
    ay: 0,
    bx: 0,
    by: 0,
    x1: 0,
    y1: 0,
    p1: 0,
    straight: true,
  };
  const direction = { x: 0, y: 0 };
  let fromX = 0;
  let fromY = 0;
  for (let index = 0; index + 1 < count; index += 1) {
    const at = index * stride;
    segment.index = index;
    segment.x0 = points[at] ?? 0;
    segment.y0 = points[at + 1] ?? 0;
    segment.x1 = points[at + stride] ?? 0;
    segment.y1 = points[at + stride + 1] ?? 0;
    segment.p0 = pressure ? (points[at + 2] ?? 0.5) : 0.5;
    segment.p1 = pressure ? (points[at + stride + 2] ?? 0.5) : 0.5;
    directionAt(geometry, index + 1, direction);
    const third = Math.hypot(segment.x1 - segment.x0, segment.y1 - segment.y0) / 3;
    segment.ax = segment.x0 + fromX * third;
    segment.ay = segment.y0 + fromY * third;
    segment.bx = segment.x1 - direction.x * third;
    segment.by = segment.y1 - direction.y * third;
    segment.straight = fromX === 0 && fromY === 0 && direction.x === 0 && direction.y === 0;
    fromX = direction.x;
    fromY = direction.y;
    if (near === undefined || mayShow(near, reach, segment)) visit(segment);
  }
}

/** Where the curve is at `t`, from 0 to 1. */
export function pointOn({ x0, y0, ax, ay, bx, by, x1, y1 }: Segment, t: number): BoardPoint {
  const s = 1 - t;
  const [i, j, k, l] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return boardPoint(i * x0 + j * ax + k * bx + l * x1, i * y0 + j * ay + k * by + l * y1);
}

export function pressureOn({ p0, p1 }: Segment, t: number): number {
  return p0 + (p1 - p0) * t;
}

/** The direction at a point, one unit long; none at a corner and at the ends. */
function directionAt(geometry: StrokeGeometry, index: number, direction: { x: number; y: number }): void {
  const { points, slack } = geometry;
  const stride = strideOf(geometry);
  const at = index * stride;
  direction.x = direction.y = 0;
  if (index <= 0 || at + stride >= points.length) return;
  const x = points[at] ?? 0;
  const y = points[at + 1] ?? 0;
  let inX = x - (points[at - stride] ?? 0);
  let inY = y - (points[at - stride + 1] ?? 0);
  let outX = (points[at + stride] ?? 0) - x;
  let outY = (points[at + stride + 1] ?? 0) - y;
  const inLength = Math.sqrt(inX * inX + inY * inY);
  const outLength = Math.sqrt(outX * outX + outY * outY);
  if (inLength === 0 || outLength === 0) return;
  inX /= inLength;
  inY /= inLength;
  outX /= outLength;
  outY /= outLength;
  if (inX * outX + inY * outY < CORNER) return;
  // The nearer neighbour says more about the direction than the farther one.
  const sumX = inX * outLength + outX * inLength;
  const sumY = inY * outLength + outY * inLength;
  const sum = Math.sqrt(sumX * sumX + sumY * sumY);
  const toX = sumX / sum;
  const toY = sumY / sum;
  const inBulge = (Math.abs(toX * inY - toY * inX) * inLength * BULGE) / 3;
  const outBulge = (Math.abs(toX * outY - toY * outX) * outLength * BULGE) / 3;
  if (Math.max(inBulge, outBulge) > slack) return;
  direction.x = toX;
  direction.y = toY;
}

function mayShow(near: Box, reach: number, { x0, y0, ax, ay, bx, by, x1, y1 }: Segment): boolean {
  return (
    Math.min(x0, ax, bx, x1) - reach <= near.maxX &&
    Math.max(x0, ax, bx, x1) + reach >= near.minX &&
    Math.min(y0, ay, by, y1) - reach <= near.maxY &&
    Math.max(y0, ay, by, y1) + reach >= near.minY
  );
}
