import type { Box } from './space.js';
import { countOf, radiusAt, reachOf, strideOf, type StrokeGeometry } from './stroke-geometry.js';

/** What a path is written to: a canvas, a Path2D, or the text of an SVG path. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void;
  /** Clockwise on the screen, angles in radians. */
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  closePath(): void;
}

/** Whether the path is the pen's way, to be stroked with its width and round ends, or the outline of the ink. */
export type PathKind = 'way' | 'outline';

/** How far a corner may be rounded away, in units of the stroke's grid: half a screen px to one, when it was drawn. */
const CORNER = 4;

/** The longest chord of a curve's pieces where the width varies, in units of the grid: about two px. */
const CHORD = 12;

/**
 * Writes a stroke's path. Between the points it runs straight, and each corner is rounded by a quadratic curve that begins and
 * ends at most half a segment away, and that leaves the corner by no more than CORNER. For points as dense as a pen gives them that
 * is the midpoint-quadratic line; for a simplified stroke it stays as near to what was drawn as the simplification did, and a
 * sharp corner between two long lines stays sharp. Each segment depends on its three nearest points alone, so a growing stroke never
 * changes where it is already drawn.
 *
 * @param near only segments that may show in this box need be written
 */
export function traceStroke(geometry: StrokeGeometry, sink: PathSink, near?: Box): PathKind {
  if (countOf(geometry) === 1) {
    const [x = 0, y = 0, pressure = 0.5] = Array.from(geometry.points);
    dot(sink, x, y, geometry.pressure ? radiusAt(geometry.width, pressure) : geometry.width / 2);
    return 'outline';
  }
  if (geometry.pressure) {
    traceOutline(geometry, sink, near);
    return 'outline';
  }
  traceWay(geometry, sink, near);
  return 'way';
}

function traceWay(geometry: StrokeGeometry, sink: PathSink, near: Box | undefined): void {
  let penX = NaN;
  let penY = NaN;
  eachPiece(geometry, near, piece => {
    if (piece.x0 !== penX || piece.y0 !== penY) sink.moveTo(piece.x0, piece.y0);
    if (piece.curved) sink.quadraticCurveTo(piece.cx, piece.cy, piece.x1, piece.y1);
    else sink.lineTo(piece.x1, piece.y1);
    penX = piece.x1;
    penY = piece.y1;
  });
}

/** A chain of capsules, all turning the same way, so that filled by the nonzero rule they are one shape without seams. */
function traceOutline(geometry: StrokeGeometry, sink: PathSink, near: Box | undefined): void {
  eachPiece(geometry, near, piece => {
    const length = Math.hypot(piece.x1 - piece.x0, piece.y1 - piece.y0);
    const steps = piece.curved ? Math.min(16, Math.max(1, Math.ceil(length / (CHORD * geometry.grid)))) : 1;
    let { x0: x, y0: y } = piece;
    let radius = radiusAt(geometry.width, piece.p0);
    for (let step = 1; step <= steps; step += 1) {
      const t = step / steps;
      const nextX = quadratic(piece.x0, piece.cx, piece.x1, t);
      const nextY = quadratic(piece.y0, piece.cy, piece.y1, t);
      const nextRadius = radiusAt(geometry.width, quadratic(piece.p0, piece.cp, piece.p1, t));
      capsule(sink, x, y, radius, nextX, nextY, nextRadius);
      x = nextX;
      y = nextY;
      radius = nextRadius;
    }
  });
}

/** A straight or curved piece of the pen's way, with the pressure along it. */
interface Piece {
  x0: number;
  y0: number;
  p0: number;
  cx: number;
  cy: number;
  cp: number;
  x1: number;
  y1: number;
  p1: number;
  curved: boolean;
}

/** Walks along a stroke of two points or more. The piece handed out is the same object each time: it is written over. */
function eachPiece(geometry: StrokeGeometry, near: Box | undefined, visit: (piece: Piece) => void): void {
  const { points } = geometry;
  const stride = strideOf(geometry);
  const count = countOf(geometry);
  const corner = CORNER * geometry.grid;
  const reach = reachOf(geometry);
  const piece: Piece = { x0: 0, y0: 0, p0: 0, cx: 0, cy: 0, cp: 0, x1: 0, y1: 0, p1: 0, curved: false };
  const pressureAt = (index: number): number => (stride === 3 ? (points[index * stride + 2] ?? 0.5) : 0.5);

  piece.x1 = points[0] ?? 0;
  piece.y1 = points[1] ?? 0;
  piece.p1 = pressureAt(0);
  const go = (curved: boolean, cx: number, cy: number, cp: number, x: number, y: number, p: number): void => {
    piece.x0 = piece.x1;
    piece.y0 = piece.y1;
    piece.p0 = piece.p1;
    piece.cx = cx;
    piece.cy = cy;
    piece.cp = cp;
    piece.x1 = x;
    piece.y1 = y;
    piece.p1 = p;
    piece.curved = curved;
    if (near === undefined || mayShow(near, reach, piece)) visit(piece);
  };
  const line = (x: number, y: number, p: number): void => {
    if (x === piece.x1 && y === piece.y1) return;
    go(false, (piece.x1 + x) / 2, (piece.y1 + y) / 2, (piece.p1 + p) / 2, x, y, p);
  };

  for (let index = 1; index < count - 1; index += 1) {
    const x = points[index * stride] ?? 0;
    const y = points[index * stride + 1] ?? 0;
    const p = pressureAt(index);
    const inX = (points[(index - 1) * stride] ?? 0) - x;
    const inY = (points[(index - 1) * stride + 1] ?? 0) - y;
    const outX = (points[(index + 1) * stride] ?? 0) - x;
    const outY = (points[(index + 1) * stride + 1] ?? 0) - y;
    const inLength = Math.sqrt(inX * inX + inY * inY);
    const outLength = Math.sqrt(outX * outX + outY * outY);
    if (inLength === 0 || outLength === 0) continue;
    // A curve that begins and ends `away` from the corner leaves it by away × cos(angle / 2) / 2.
    const cosine = (inX * outX + inY * outY) / (inLength * outLength);
    const sharpness = Math.sqrt(Math.max(0, (1 + cosine) / 2));
    const away = sharpness === 0 ? Infinity : (2 * corner) / sharpness;
    const before = Math.min(0.5, away / inLength);
    const after = Math.min(0.5, away / outLength);
    line(x + inX * before, y + inY * before, p + (pressureAt(index - 1) - p) * before);
    go(true, x, y, p, x + outX * after, y + outY * after, p + (pressureAt(index + 1) - p) * after);
  }
  const end = count - 1;
  const endX = points[end * stride] ?? 0;
  const endY = points[end * stride + 1] ?? 0;
  line(endX, endY, pressureAt(end));
}

function mayShow(near: Box, reach: number, piece: Piece): boolean {
  const { x0, y0, cx, cy, x1, y1 } = piece;
  return (
    Math.min(x0, cx, x1) - reach <= near.maxX &&
    Math.max(x0, cx, x1) + reach >= near.minX &&
    Math.min(y0, cy, y1) - reach <= near.maxY &&
    Math.max(y0, cy, y1) + reach >= near.minY
  );
}

function quadratic(from: number, control: number, to: number, t: number): number {
  return (1 - t) * (1 - t) * from + 2 * (1 - t) * t * control + t * t * to;
}

function dot(sink: PathSink, x: number, y: number, radius: number): void {
  sink.moveTo(x + radius, y);
  sink.arc(x, y, radius, 0, 2 * Math.PI);
  sink.closePath();
}

/** The outline around two discs: their outer tangents and the arcs between. */
function capsule(sink: PathSink, x0: number, y0: number, r0: number, x1: number, y1: number, r1: number): void {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = Math.hypot(dx, dy);
  // One disc holds the other: there are no tangents.
  if (length <= Math.abs(r0 - r1)) {
    if (r0 > r1) dot(sink, x0, y0, r0);
    else dot(sink, x1, y1, r1);
    return;
  }
  const heading = Math.atan2(dy, dx);
  const spread = Math.acos((r0 - r1) / length);
  sink.moveTo(x0 + r0 * Math.cos(heading + spread), y0 + r0 * Math.sin(heading + spread));
  sink.arc(x0, y0, r0, heading + spread, heading - spread + 2 * Math.PI);
  sink.lineTo(x1 + r1 * Math.cos(heading - spread), y1 + r1 * Math.sin(heading - spread));
  sink.arc(x1, y1, r1, heading - spread, heading + spread);
  sink.closePath();
}
