/**
 * The two coordinate spaces of the sketch. A bare `{ x, y }` fits either; what has been made for one is never taken for the
 * other.
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

/** A rectangle in board units, in the form that the spatial index reads. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}
