/**
 * Asks a node again and again whether it is ready, as whoever spreads the load does, and writes
 * down what it says.
 */
import { setTimeout as pause } from 'node:timers/promises';

import type { ReadinessReport } from '../../../server/readiness.js';
import { until } from '../../support/patience.js';
import type { Scope } from '../../support/scope.js';
import type { NodeProcess } from '../node-process.js';

/** Milliseconds between an answer and the next question. */
const EVERY = 50;
/** Milliseconds in which a node must have said what a test waits for. */
const PATIENCE = 30_000;

/** Times are those of `performance.now()`. */
interface Saying {
  readonly asked: number;
  readonly answered: number;
  /** Undefined where the node did not answer. */
  readonly report: ReadinessReport | undefined;
}

export class ReadinessWatch {
  readonly sayings: Saying[] = [];
  #watches = true;

  /** One that goes on until the scope ends. */
  constructor(scope: Scope, node: NodeProcess) {
    scope.after(async () => void (this.#watches = false));
    void this.#watch(node);
  }

  /**
   * Ends when the node says, to a question asked after a moment, that it is not ready.
   * @returns what it said, and when
   */
  unready(after: number): Promise<{ readonly answered: number; readonly report: ReadinessReport }> {
    return this.#says(after, ({ ready }) => !ready);
  }

  /** Ends when the node says, to a question asked after a moment, that it is ready. */
  async ready(after: number): Promise<number> {
    return (await this.#says(after, ({ ready }) => ready)).answered;
  }

  /** Whether it said so to a question that was asked and answered within a time. */
  saidReady(from: number, before: number): boolean {
    return this.sayings.some(({ asked, answered, report }) => asked > from && answered < before && report?.ready);
  }

  async #says(
    after: number,
    wanted: (report: ReadinessReport) => boolean,
  ): Promise<{ readonly answered: number; readonly report: ReadinessReport }> {
    const find = () =>
      this.sayings.find(({ asked, report }) => asked >= after && report !== undefined && wanted(report));
    await until(
      PATIENCE,
      () => find() !== undefined,
      () => `it does not say so: ${JSON.stringify(this.sayings.slice(-3))}`,
    );
    const { answered, report } = find() ?? {};
    if (answered === undefined || !report) throw new TypeError('It said so before.');
    return { answered, report };
  }

  async #watch(node: NodeProcess): Promise<void> {
    while (this.#watches) {
      const asked = performance.now();
      const report = await node.readiness();
      this.sayings.push({ asked, answered: performance.now(), report });
      await pause(EVERY);
    }
  }
}
