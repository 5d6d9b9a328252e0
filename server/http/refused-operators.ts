import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';

/** Milliseconds between two lines. */
const AT_MOST_EVERY = 60_000;

/**
 * Tells the log of requests for the operator's API that are not the operator's: anybody can send as many as they like, so there is a line a
 * minute at most, with how many there were since the one before. The metrics count each.
 */
export class RefusedOperators {
  readonly #log: Logger;
  readonly #clock: Clock;
  #since = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @param address where this one came from */
  add(address: string): void {
    this.#since += 1;
    const now = this.#clock.now();
    if (now - this.#toldAt < AT_MOST_EVERY) return;
    this.#toldAt = now;
    this.#log.warn({ refused: this.#since, address }, "somebody without the operator's token asks the operator's API");
    this.#since = 0;
  }
}
