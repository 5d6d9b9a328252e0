import { decodeInk, type InkPoint } from '../../protocol/ink.js';
import { around, type Box, padded } from '../../protocol/shapes/box.js';
import { type StrokeForm, WIDEST } from '../../protocol/shapes/stroke.js';

/**
 * Points as flat numbers, two a point (x, y in board units) or three (and pressure from 0 to 1).
 */
export interface FlatPoints {
  readonly points: ArrayLike<number>;
  readonly pressure: boolean;
}

/** A stroke as it is drawn: where it goes and how wide it is. */
export interface StrokeGeometry extends FlatPoints {
  /** Width in board units, where the pressure is 0.5 or not known. */
  readonly width: number;
  /**
   * The grid on which its points lie, in board units: about a quarter of a screen px of when it was
   * drawn.
   */
  readonly grid: number;
  /**
   * How far the curve may leave the straight line between two points, in board units. For a
   * simplified stroke, about as far as what was drawn did; for one as it comes from the pen there
   * is no telling.
   */
  readonly slack: number;
}

/** How much narrower than its nominal width the lightest pressure makes a stroke. */
const NARROWEST = 0.3;

/** A simplified stroke's slack in units of its grid: half a screen px to one when it was drawn. */
const SLACK = 4;

/**
 * Reads an encoded stroke. One that can't be read (a server never sends such) has no points.
 *
 * @param finished whether it has been simplified, and is not still being drawn
 */
export function readStroke({ look, content }: StrokeForm, finished: boolean): StrokeGeometry {
  const grid = 2 ** content.scale;
  const slack = finished ? SLACK * grid : Infinity;
  const points = decodeInk(content.points, content) ?? [];
  return { points, pressure: content.pressure, width: look.width, grid, slack };
}

/** Numbers a point. */
export function strideOf(geometry: FlatPoints): 2 | 3 {
  return geometry.pressure ? 3 : 2;
}

export function countOf(geometry: FlatPoints): number {
  return Math.floor(geometry.points.length / strideOf(geometry));
}

export function pointAt(geometry: FlatPoints, index: number): InkPoint {
  const at = index * strideOf(geometry);
  const { points, pressure } = geometry;
  return { x: points[at] ?? 0, y: points[at + 1] ?? 0, pressure: pressure ? (points[at + 2] ?? 0.5) : 0.5 };
}

/** Half the width that a pressure makes, in board units. */
export function radiusAt(width: number, pressure: number): number {
  return (width / 2) * (NARROWEST + (WIDEST - NARROWEST) * pressure);
}

/** The most that ink reaches beyond the points, in board units. */
export function reachOf(geometry: StrokeGeometry): number {
  return (geometry.width / 2) * (geometry.pressure ? WIDEST : 1);
}

/** The box around all ink of a stroke, or of its points from the `from`-th on. */
export function boxOf(geometry: StrokeGeometry, from = 0): Box {
  return padded(around(geometry.points, strideOf(geometry), from), reachOf(geometry));
}
