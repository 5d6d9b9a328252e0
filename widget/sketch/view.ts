import type { Camera } from './camera.js';
import type { Appearance } from './shapes/index.js';
import type { Size } from './space.js';

/** How the board is seen: what every layer needs to know to show it. */
export interface View {
  readonly camera: Camera;
  /** In CSS px. */
  readonly size: Size;
  /** Device px a CSS px, as used for our canvases. */
  readonly ratio: number;
  readonly appearance: Appearance;
}

/** Past a ratio of two nobody sees the difference, and every step costs memory by its square. */
const RATIO_MAX = 2;

/** Pixels of one canvas; iOS takes 16.7 million. */
const PIXELS_MAX = 16_000_000;

/**
 * What a settled bitmap holds around the view on each side, in CSS px: how far one can move before
 * more has to be painted.
 */
export const MARGIN = 192;

/** The ratio to use for a view of this size on a screen of `devicePixelRatio`. */
export function effectiveRatio(devicePixelRatio: number, size: Size): number {
  const area = (size.width + 2 * MARGIN) * (size.height + 2 * MARGIN);
  return Math.min(devicePixelRatio, RATIO_MAX, Math.sqrt(PIXELS_MAX / area));
}
