import { performance } from 'node:perf_hooks';

import type { StartedTurn, TurnWatch } from '../domain/rooms.js';
import type { Metrics } from './metrics.js';

/** Measures turns: the whole of each, and what of it is the disk's. */
export class TurnMeter implements TurnWatch {
  readonly #metrics: Pick<Metrics, 'turn' | 'commit'>;

  constructor(metrics: Pick<Metrics, 'turn' | 'commit'>) {
    this.#metrics = metrics;
  }

  started(): StartedTurn {
    const started = performance.now();
    let decided = started;
    return {
      decided: () => (decided = performance.now()),
      kept: () => this.#metrics.commit(secondsSince(decided)),
      told: () => this.#metrics.turn(secondsSince(started)),
    };
  }
}

function secondsSince(earlier: number): number {
  return (performance.now() - earlier) / 1_000;
}
