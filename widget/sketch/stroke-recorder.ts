import type { InkBegin } from '../../protocol/conversation.js';
import { encodeInk, InkEncoder, scaleForZoom, type InkColor, type InkPoint } from '../../protocol/ink.js';
import { LIMITS } from '../../protocol/limits.js';
import { newShapeId } from '../../protocol/names.js';
import type { Stroke } from '../../protocol/timeline/state.js';
import { simplify, SIMPLIFY_TOLERANCE } from './simplify.js';
import { SteadyHand } from './steady-hand.js';
import { eachSegment, pointOn, pressureOn } from './stroke-curve.js';
import { pointAt, type StrokeGeometry } from './stroke-geometry.js';

/** What the pen is set to. */
export interface Pen {
  readonly color: InkColor;
  /** In board units. */
  readonly width: number;
}

/** How far apart a curve is sampled before it is simplified, in screen px. */
const SAMPLE = 3;

/** Characters of one encoded point at the most: three numbers of a full-range jump each. */
const LONGEST_POINT = 24;

/**
 * One stroke from pen-down to pen-up. While it is drawn it is written as it comes, point by point; at the end it is simplified and
 * written anew under the same id. It never takes more than one shape may hold: when `full`, it is finished and the pen goes
 * on with another.
 */
export class StrokeRecorder {
  readonly id: string;
  readonly pen: Pen;
  readonly #zoom: number;
  readonly #scale: number;
  readonly #pressure: boolean;
  readonly #encoder: InkEncoder;
  readonly #points: number[] = [];
  #hand: SteadyHand | undefined;
  /** Where the pointer really was last. */
  #target: InkPoint | undefined;
  #written = 0;

  /**
   * @param zoom at which it is drawn: it decides how finely the points are kept
   * @param pressure whether the device reports a pressure that can be trusted
   */
  constructor(pen: Pen, { zoom, pressure }: { zoom: number; pressure: boolean }) {
    this.id = newShapeId();
    this.pen = pen;
    this.#zoom = zoom;
    this.#scale = scaleForZoom(zoom);
    this.#pressure = pressure;
    this.#encoder = new InkEncoder({ scale: this.#scale, pressure });
  }

  /** What has been drawn so far, and behind it points that are only expected, to be shown but not kept. */
  geometry(expected: readonly InkPoint[] = []): StrokeGeometry {
    const points = expected.length === 0 ? this.#points : [...this.#points];
    for (const point of expected) this.#push(points, point);
    const { width } = this.pen;
    return { points, pressure: this.#pressure, width, grid: 2 ** this.#scale, slack: Infinity };
  }

  /** Whether it holds as much as one shape may. */
  get full(): boolean {
    return this.#written > LIMITS.strokePoints - LONGEST_POINT;
  }

  /** Pen down. */
  begin(first: InkPoint): InkBegin {
    this.#hand = new SteadyHand(first, this.#zoom);
    const points = this.#take(first);
    return [this.id, this.pen.color, this.pen.width, this.#scale, this.#pressure ? 1 : 0, points];
  }

  /**
   * Takes points until it is full. Those that don't leave the last one by half a step of the grid are passed over.
   *
   * @returns what has been written, in pieces that each fit a live frame, and how many of the points were taken
   */
  add(points: readonly InkPoint[]): { readonly pieces: readonly string[]; readonly taken: number } {
    const pieces: string[] = [];
    let piece = '';
    let taken = 0;
    for (const point of points) {
      if (this.full) break;
      taken += 1;
      this.#target = point;
      const steady = this.#hand?.follow(point) ?? point;
      if (!this.#moves(steady)) continue;
      if (piece.length > LIMITS.livePoints - LONGEST_POINT) {
        pieces.push(piece);
        piece = '';
      }
      piece += this.#take(steady);
    }
    if (piece !== '') pieces.push(piece);
    return { pieces, taken };
  }

  /** Pen up: the stroke as it is kept. */
  finish(): Stroke {
    const format = { scale: this.#scale, pressure: this.#pressure };
    const { width, color } = this.pen;
    // The line ends where the pen left the paper.
    if (this.#target !== undefined && this.#moves(this.#target)) this.#push(this.#points, this.#target);
    const curve = this.#curve();
    let tolerance = SIMPLIFY_TOLERANCE / this.#zoom;
    let points = this.#simplified(curve, tolerance);
    // Only a scribble without end could still be too long.
    while (points.length > LIMITS.strokePoints) points = this.#simplified(curve, (tolerance *= 2));
    return { id: this.id, kind: 'stroke', color, width, ...format, points };
  }

  #simplified(curve: number[], tolerance: number): string {
    const pressure = this.#pressure;
    const kept = { points: simplify(curve, { pressure, width: this.pen.width, tolerance }), pressure };
    const count = kept.points.length / (pressure ? 3 : 2);
    const points = Array.from({ length: count }, (_, index) => pointAt(kept, index));
    return encodeInk(points, { scale: this.#scale, pressure });
  }

  /** The curve as it was shown, in points at most SAMPLE px apart: between two samples of a fast pen it was not straight. */
  #curve(): number[] {
    const geometry = this.geometry();
    const curve: number[] = [];
    this.#push(curve, pointAt(geometry, 0));
    eachSegment(geometry, undefined, segment => {
      const length = Math.hypot(segment.x1 - segment.x0, segment.y1 - segment.y0);
      const steps = segment.straight ? 1 : Math.max(1, Math.ceil((length * this.#zoom) / SAMPLE));
      for (let step = 1; step <= steps; step += 1) {
        this.#push(curve, { ...pointOn(segment, step / steps), pressure: pressureOn(segment, step / steps) });
      }
    });
    return curve;
  }

  #take(point: InkPoint): string {
    this.#push(this.#points, point);
    const text = this.#encoder.add([inExtent(point)]);
    this.#written += text.length;
    return text;
  }

  #push(points: number[], point: InkPoint): void {
    const { x, y, pressure = 0.5 } = inExtent(point);
    points.push(x, y);
    if (this.#pressure) points.push(pressure);
  }

  #moves(point: InkPoint): boolean {
    const stride = this.#pressure ? 3 : 2;
    const [x = 0, y = 0] = this.#points.slice(-stride);
    return Math.max(Math.abs(point.x - x), Math.abs(point.y - y)) >= 2 ** this.#scale / 2;
  }
}

function inExtent(point: InkPoint): InkPoint {
  const limit = LIMITS.boardExtent;
  const x = Math.min(limit, Math.max(-limit, point.x));
  const y = Math.min(limit, Math.max(-limit, point.y));
  return { ...point, x, y };
}
