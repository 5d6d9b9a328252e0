import type { Box } from '../../protocol/shapes/box.js';
import type { PathSink } from './brush.js';
import { eachSegment, pointOn, pressureOn } from './stroke-curve.js';
import { countOf, radiusAt, type StrokeGeometry } from './stroke-geometry.js';

/**
 * The longest chord of a curve's pieces where the width varies, in units of the grid: about two px
 * when it was drawn.
 */
const CHORD = 12;

/**
 * Whether a stroke is painted as the outline of its ink; else as the way of the pen, of one width.
 */
export function isOutline(geometry: StrokeGeometry): boolean {
  return geometry.pressure || countOf(geometry) === 1;
}

/**
 * Writes the way of the pen.
 *
 * @param near only segments that may show in this box need be written
 */
export function traceWay(geometry: StrokeGeometry, sink: PathSink, near?: Box): void {
  let end = -1;
  eachSegment(geometry, near, segment => {
    if (segment.index !== end) sink.moveTo(segment.x0, segment.y0);
    if (segment.straight) sink.lineTo(segment.x1, segment.y1);
    else sink.bezierCurveTo(segment.ax, segment.ay, segment.bx, segment.by, segment.x1, segment.y1);
    end = segment.index + 1;
  });
}

/**
 * Writes the outline of the ink: a dot, or a chain of capsules that all turn the same way, so that
 * filled by the nonzero rule they are one shape without seams.
 *
 * @param near only segments that may show in this box need be written
 */
export function traceOutline(geometry: StrokeGeometry, sink: PathSink, near?: Box): void {
  if (countOf(geometry) === 1) {
    const [x = 0, y = 0, pressure = 0.5] = Array.from(geometry.points);
    dot(sink, x, y, geometry.pressure ? radiusAt(geometry.width, pressure) : geometry.width / 2);
    return;
  }
  eachSegment(geometry, near, segment => {
    const length = Math.hypot(segment.x1 - segment.x0, segment.y1 - segment.y0);
    const steps = segment.straight ? 1 : Math.min(16, Math.max(1, Math.ceil(length / (CHORD * geometry.grid))));
    let { x0: x, y0: y } = segment;
    let radius = radiusAt(geometry.width, segment.p0);
    for (let step = 1; step <= steps; step += 1) {
      const next = pointOn(segment, step / steps);
      const nextRadius = radiusAt(geometry.width, pressureOn(segment, step / steps));
      capsule(sink, x, y, radius, next.x, next.y, nextRadius);
      ({ x, y } = next);
      radius = nextRadius;
    }
  });
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
