import type { InkPoint } from '../../protocol/ink.js';

/**
 * How much of the way to a new sample is gone at once when it lies near, and the distance in screen
 * px at which all of it is.
 */
const NEAR_SHARE = 0.3;
const FAR = 14;

/**
 * Takes the trembling out of a pointer. Mice and fingers are told in whole px, which a slow hand
 * turns into stairs; so a near sample is followed only in part, a far one at once (the idea of the
 * 1€ filter, Casiez, Roussel and Vogel 2012). What is drawn stays within two px of what was pointed
 * at.
 */
export class SteadyHand {
  readonly #zoom: number;
  #last: InkPoint;

  /** @param zoom screen px a board unit */
  constructor(first: InkPoint, zoom: number) {
    this.#last = first;
    this.#zoom = zoom;
  }

  /** Where to draw for the next sample, in board units. */
  follow(to: InkPoint): InkPoint {
    const from = this.#last;
    const distance = Math.hypot(to.x - from.x, to.y - from.y) * this.#zoom;
    const share = Math.min(1, NEAR_SHARE + ((1 - NEAR_SHARE) * distance) / FAR);
    const between = (a: number, b: number): number => a + (b - a) * share;
    const { pressure = 0.5 } = to;
    this.#last = {
      x: between(from.x, to.x),
      y: between(from.y, to.y),
      pressure: between(from.pressure ?? pressure, pressure),
    };
    return this.#last;
  }
}
