import {
  encodeInk,
  encodeTimes,
  InkEncoder,
  type InkFormat,
  type InkColor,
  type InkPoint,
  scaleForZoom,
  TIME_STEP,
} from '../../protocol/ink.js';
import { LIMITS } from '../../protocol/limits.js';
import { newShapeId } from '../../protocol/names.js';
import type { InkBegin, StrokeForm } from '../../protocol/shapes/stroke.js';
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

/** A point of a pointer's way, and when it was there, in ms of any one clock. */
export interface TimedPoint extends InkPoint {
  readonly time: number;
}

/**
 * A finished stroke; `times` say when its points were drawn, see `encodeTimes` in protocol/ink.ts.
 */
export interface RecordedStroke {
  readonly shape: StrokeForm;
  /** Undefined for a single point, and where they are more than a shape may carry. */
  readonly times: string | undefined;
}

/** How far apart a curve is sampled before it is simplified, in screen px. */
const SAMPLE = 3;

/** Characters of one encoded point at the most: three numbers of a full-range jump each. */
const LONGEST_POINT = 24;

/**
 * Times between are kept to so many ms, which is within TIME_STEP of the truth and takes a tenth
 * fewer bytes.
 */
const TIME_GRID = 2 * TIME_STEP;

/** Points as flat numbers, and the time of each. */
interface TimedPoints {
  readonly points: number[];
  readonly times: number[];
}

/**
 * One stroke from pen-down to pen-up. While it is drawn it is written as it comes, point by point;
 * at the end it is simplified and written anew under the same id. It never takes more than one
 * shape may hold: when `full`, it is finished and the pen goes on with another.
 */
export class StrokeRecorder {
  readonly id: string;
  readonly pen: Pen;
  readonly #zoom: number;
  readonly #format: InkFormat;
  readonly #encoder: InkEncoder;
  readonly #drawn: TimedPoints = { points: [], times: [] };
  #hand: SteadyHand | undefined;
  /** Where the pointer really was last. */
  #target: TimedPoint | undefined;
  #written = 0;

  /**
   * @param zoom at which it is drawn: it decides how finely the points are kept
   * @param pressure whether the device reports a pressure that can be trusted
   */
  constructor(pen: Pen, { zoom, pressure }: { zoom: number; pressure: boolean }) {
    this.id = newShapeId();
    this.pen = pen;
    this.#zoom = zoom;
    this.#format = { scale: scaleForZoom(zoom), pressure };
    this.#encoder = new InkEncoder(this.#format);
  }

  /**
   * What has been drawn so far, and behind it points that are only expected, to be shown but not
   * kept.
   */
  geometry(expected: readonly InkPoint[] = []): StrokeGeometry {
    const points = expected.length === 0 ? this.#drawn.points : [...this.#drawn.points];
    for (const point of expected) this.#push(points, point);
    const { scale, pressure } = this.#format;
    return { points, pressure, width: this.pen.width, grid: 2 ** scale, slack: Infinity };
  }

  /** Whether it holds as much as one shape may. */
  get full(): boolean {
    return this.#written > LIMITS.strokePoints - LONGEST_POINT;
  }

  /** Pen down. */
  begin(first: TimedPoint): InkBegin {
    this.#hand = new SteadyHand(first, this.#zoom);
    const points = this.#take(first, first.time);
    const { scale, pressure } = this.#format;
    return [this.id, this.pen.color, this.pen.width, scale, pressure ? 1 : 0, points];
  }

  /**
   * Takes points until it is full. Those that don't leave the last one by half a step of the grid
   * are passed over.
   *
   * @returns what has been written, in pieces that each fit a live frame, and how many of the
   * points were taken
   */
  add(points: readonly TimedPoint[]): { readonly pieces: readonly string[]; readonly taken: number } {
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
      piece += this.#take(steady, point.time);
    }
    if (piece !== '') pieces.push(piece);
    return { pieces, taken };
  }

  /** Pen up: the stroke as it is kept. */
  finish(): RecordedStroke {
    const { width, color } = this.pen;
    const { points: drawn, times } = this.#drawn;
    // The line ends where the pen left the paper.
    if (this.#target !== undefined && this.#moves(this.#target)) {
      this.#push(drawn, this.#target);
      times.push(this.#target.time);
    }
    const curve = this.#curve();
    let tolerance = SIMPLIFY_TOLERANCE / this.#zoom;
    let kept = this.#simplified(curve, tolerance);
    // Only a scribble without end could still be too long.
    while (kept.points.length > LIMITS.strokePoints) kept = this.#simplified(curve, (tolerance *= 2));
    const content = { ...this.#format, points: kept.points };
    return { shape: { id: this.id, kind: 'stroke', look: { color, width }, content }, times: kept.times };
  }

  #simplified({ points, times }: TimedPoints, tolerance: number): { points: string; times: string | undefined } {
    const { pressure } = this.#format;
    const kept = simplify(points, { pressure, width: this.pen.width, tolerance });
    const keptTimes = encodeTimes(rounded(kept.map(index => times[index] ?? 0)));
    return {
      points: encodeInk(
        kept.map(index => pointAt({ points, pressure }, index)),
        this.#format,
      ),
      times: keptTimes === '' || keptTimes.length > LIMITS.strokeTimes ? undefined : keptTimes,
    };
  }

  /**
   * The curve as it was shown, in points at most SAMPLE px apart: between two samples of a fast pen
   * it was not straight. The pen is taken to have moved evenly from one sample to the next.
   */
  #curve(): TimedPoints {
    const geometry = this.geometry();
    const { times } = this.#drawn;
    const curve: TimedPoints = { points: [], times: times.slice(0, 1) };
    this.#push(curve.points, pointAt(geometry, 0));
    eachSegment(geometry, undefined, segment => {
      const length = Math.hypot(segment.x1 - segment.x0, segment.y1 - segment.y0);
      const steps = segment.straight ? 1 : Math.max(1, Math.ceil((length * this.#zoom) / SAMPLE));
      const from = times[segment.index] ?? 0;
      const to = times[segment.index + 1] ?? from;
      for (let step = 1; step <= steps; step += 1) {
        const t = step / steps;
        this.#push(curve.points, { ...pointOn(segment, t), pressure: pressureOn(segment, t) });
        curve.times.push(from + (to - from) * t);
      }
    });
    return curve;
  }

  #take(point: InkPoint, time: number): string {
    this.#push(this.#drawn.points, point);
    this.#drawn.times.push(time);
    const text = this.#encoder.add([inExtent(point)]);
    this.#written += text.length;
    return text;
  }

  #push(points: number[], point: InkPoint): void {
    const { x, y, pressure = 0.5 } = inExtent(point);
    points.push(x, y);
    if (this.#format.pressure) points.push(pressure);
  }

  #moves(point: InkPoint): boolean {
    const { scale, pressure } = this.#format;
    const [x = 0, y = 0] = this.#drawn.points.slice(pressure ? -3 : -2);
    return Math.max(Math.abs(point.x - x), Math.abs(point.y - y)) >= 2 ** scale / 2;
  }
}

/** Times as they are kept: the first and the last as they are, those between to half a frame. */
function rounded(times: readonly number[]): number[] {
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  const between = (time: number): number => Math.min(last, first + Math.round((time - first) / TIME_GRID) * TIME_GRID);
  return times.map((time, index) => (index === times.length - 1 ? last : between(time)));
}

function inExtent(point: InkPoint): InkPoint {
  const limit = LIMITS.boardExtent;
  const x = Math.min(limit, Math.max(-limit, point.x));
  const y = Math.min(limit, Math.max(-limit, point.y));
  return { ...point, x, y };
}
