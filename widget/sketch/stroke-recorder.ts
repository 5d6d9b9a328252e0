import type { InkBegin } from '../../protocol/conversation.js';
import { encodeInk, InkEncoder, scaleForZoom, type InkColor, type InkPoint } from '../../protocol/ink.js';
import { LIMITS } from '../../protocol/limits.js';
import { newShapeId } from '../../protocol/names.js';
import type { Stroke } from '../../protocol/timeline/state.js';
import { simplify, SIMPLIFY_TOLERANCE } from './simplify.js';
import type { StrokeGeometry } from './stroke-geometry.js';

/** What the pen is set to. */
export interface Pen {
  readonly color: InkColor;
  /** In board units. */
  readonly width: number;
}

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
    return { points, pressure: this.#pressure, width: this.pen.width, grid: 2 ** this.#scale };
  }

  /** Whether it holds as much as one shape may. */
  get full(): boolean {
    return this.#written > LIMITS.strokePoints - LONGEST_POINT;
  }

  /** Pen down. */
  begin(first: InkPoint): InkBegin {
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
      if (!this.#moves(point)) continue;
      if (piece.length > LIMITS.livePoints - LONGEST_POINT) {
        pieces.push(piece);
        piece = '';
      }
      piece += this.#take(point);
    }
    if (piece !== '') pieces.push(piece);
    return { pieces, taken };
  }

  /** Pen up: the stroke as it is kept. Leaving points out can't make the text longer, so it fits as the live one did. */
  finish(): Stroke {
    const format = { scale: this.#scale, pressure: this.#pressure };
    const { width, color } = this.pen;
    const stride = this.#pressure ? 3 : 2;
    const kept = simplify(this.#points, {
      pressure: this.#pressure,
      width,
      tolerance: SIMPLIFY_TOLERANCE / this.#zoom,
    });
    const points: InkPoint[] = [];
    for (let at = 0; at < kept.length; at += stride) {
      const [x = 0, y = 0, pressure = 0.5] = kept.slice(at, at + stride);
      points.push({ x, y, pressure });
    }
    return { id: this.id, kind: 'stroke', color, width, ...format, points: encodeInk(points, format) };
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
