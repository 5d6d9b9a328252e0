import type { Box } from '../../protocol/shapes/box.js';

/**
 * The two coordinate spaces of the sketch, and boxes on the board. A bare `{ x, y }` fits either;
 * what has been made for one is never taken for the other.
 */
declare const space: unique symbol;

/** CSS pixels from the board's top left corner, as it lies on the screen. */
export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
  readonly [space]?: 'screen';
}

/** Board units: CSS pixels at zoom 1, from the board's origin. */
export interface BoardPoint {
  readonly x: number;
  readonly y: number;
  readonly [space]?: 'board';
}

export function screenPoint(x: number, y: number): ScreenPoint {
  return { x, y };
}

export function boardPoint(x: number, y: number): BoardPoint {
  return { x, y };
}

/** A width and a height in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

/** The smallest box around both. */
export function joined(a: Box, b: Box): Box {
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
  };
}

/** Whether they have a point in common; edges count. */
export function meets(a: Box, b: Box): boolean {
  return a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY;
}

/** Whether `inner` lies wholly inside `outer`. */
export function holds(outer: Box, inner: Box): boolean {
  return outer.minX <= inner.minX && inner.maxX <= outer.maxX && outer.minY <= inner.minY && inner.maxY <= outer.maxY;
}

export function isEmpty(box: Box): boolean {
  return box.minX > box.maxX || box.minY > box.maxY;
}
