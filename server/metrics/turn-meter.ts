import { performance } from 'node:perf_hooks';

import type { TurnWatch } from '../domain/rooms.js';
import type { Metrics } from './metrics.js';

/** Measures turns: the whole of each, and what of it is the disk's. */
export class TurnMeter implements TurnWatch {
  readonly #metrics: Pick<Metrics, 'turn' | 'commit'>;
  #started = 0;
  #decided = 0;

  constructor(metrics: Pick<Metrics, 'turn' | 'commit'>) {
    this.#metrics = metrics;
  }

  started(): void {
    this.#started = performance.now();
  }

  decided(): void {
    this.#decided = performance.now();
  }

  kept(): void {
    this.#metrics.commit(secondsSince(this.#decided));
  }

  told(): void {
    this.#metrics.turn(secondsSince(this.#started));
  }
}

function secondsSince(earlier: number): number {
  return (performance.now() - earlier) / 1_000;
}
