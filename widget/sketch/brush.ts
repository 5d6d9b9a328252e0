/**
 * What shapes are painted with. There are two brushes, one on a canvas and one that writes SVG
 * (canvas-painter.ts and export-svg.ts), so that a copy holds what the board shows. Lengths are in
 * board units, colours are CSS.
 */
import type { BoardPoint } from './space.js';

export interface Brush {
  /** A line along a path, with round ends and joins. */
  line(path: Path, style: LineStyle): void;
  /** The inside of a path, by the nonzero rule. */
  fill(path: Path, style: FillStyle): void;
  /** One line of text. */
  text(text: string, style: TextStyle): void;
}

/** Writes a path; may be asked more than once. */
export type Path = (sink: PathSink) => void;

/** What a path is written to: a canvas, or the text of an SVG path. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void;
  /** Clockwise on the screen, angles in radians. */
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  closePath(): void;
}

interface PathStyle {
  readonly color: string;
  /** Finer differences than this do not matter. */
  readonly grid: number;
}

export interface LineStyle extends PathStyle {
  readonly width: number;
  /** The length of dashes, and of the gaps between; absent: none. */
  readonly dash?: number;
}

export interface FillStyle extends PathStyle {
  /**
   * How thick it is where it is thickest: ink that is too fine for a screen is made a little
   * thicker.
   */
  readonly thickness: number;
}

export interface TextStyle {
  readonly color: string;
  readonly middle: BoardPoint;
  /** The height of its font. */
  readonly size: number;
}

/** The font of text on the board. */
export const FONT = 'system-ui, sans-serif';
