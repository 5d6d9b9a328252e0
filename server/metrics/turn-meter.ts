import { performance } from 'node:perf_hooks';

import type { StartedTurn, TurnWatch } from '../domain/turn-runner.js';
import type { Metrics } from './metrics.js';

/** Measures turns: all of it, the wait for its rooms, and the commit. */
export class TurnMeter implements TurnWatch {
  readonly #metrics: Pick<Metrics, 'turn' | 'turnWait' | 'commit'>;

  constructor(metrics: Pick<Metrics, 'turn' | 'turnWait' | 'commit'>) {
    this.#metrics = metrics;
  }

  started(): StartedTurn {
    const started = performance.now();
    let decided = started;
    return {
      opened: () => this.#metrics.turnWait(secondsSince(started)),
      decided: () => (decided = performance.now()),
      kept: () => this.#metrics.commit(secondsSince(decided)),
      told: () => this.#metrics.turn(secondsSince(started)),
    };
  }
}

function secondsSince(earlier: number): number {
  return (performance.now() - earlier) / 1_000;
}
