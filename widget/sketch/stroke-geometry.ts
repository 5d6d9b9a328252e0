import { decodeInk, type InkFormat } from '../../protocol/ink.js';
import { around, padded } from './box.js';
import type { Box } from './space.js';

/** A stroke as it is drawn: where it goes and how wide it is. */
export interface StrokeGeometry {
  /** Flat numbers, two a point (x, y in board units) or three (and pressure from 0 to 1). */
  readonly points: ArrayLike<number>;
  readonly pressure: boolean;
  /** Width in board units, where the pressure is 0.5 or not known. */
  readonly width: number;
  /** The grid on which its points lie, in board units: about a quarter of a screen px of when it was drawn. */
  readonly grid: number;
}

/** How much wider than its nominal width the hardest pressure makes a stroke. */
const WIDEST = 1.7;
/** And how much narrower the lightest. */
const NARROWEST = 0.3;

/** What a stroke's points are and how they are to be read, as they cross the wire. */
interface WrittenStroke extends InkFormat {
  readonly width: number;
  readonly points: string;
}

/** Reads an encoded stroke. One that can't be read (a server never sends such) has no points. */
export function readStroke({ scale, pressure, width, points }: WrittenStroke): StrokeGeometry {
  return { points: decodeInk(points, { scale, pressure }) ?? [], pressure, width, grid: 2 ** scale };
}

/** Numbers a point. */
export function strideOf(geometry: StrokeGeometry): 2 | 3 {
  return geometry.pressure ? 3 : 2;
}

export function countOf(geometry: StrokeGeometry): number {
  return Math.floor(geometry.points.length / strideOf(geometry));
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
export function boundsOf(geometry: StrokeGeometry, from = 0): Box {
  return padded(around(geometry.points, strideOf(geometry), from), reachOf(geometry));
}
