/**
 * What some nodes depend on is gone for a while: what they say meanwhile, what they acknowledge,
 * and how soon they work again.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import type { ReadinessReport } from '../../../server/readiness.js';
import { PATIENCE, until } from '../../support/patience.js';
import { wholeLog } from '../verdict.js';
import { ReadinessWatch } from './readiness-watch.js';
import type { Stage } from './stage.js';
import { type Statement, Witness } from './witness.js';

interface Watched {
  readonly place: number;
  readonly readiness: ReadinessWatch;
  readonly witness: Witness;
  /** When it had said that it is not ready, by `performance.now()`. */
  said: number;
}

/** Times are those of `performance.now()`. */
export class Outage {
  readonly #stage: Stage;
  readonly #watched: readonly Watched[];
  #gone = 0;
  #back = 0;
  /** What the residents of the nodes said meanwhile. */
  readonly #waiting = new Map<number, string>();

  private constructor(stage: Stage, watched: readonly Watched[]) {
    this.#stage = stage;
    this.#watched = watched;
  }

  /** @param places the nodes that will be affected */
  static async expect(t: TestContext, stage: Stage, places: readonly number[]): Promise<Outage> {
    const watched = await Promise.all(
      places.map(async place => ({
        place,
        readiness: new ReadinessWatch(t, stage.nodes.node(place)),
        witness: await Witness.on(t, stage.nodes, place),
        said: 0,
      })),
    );
    return new Outage(stage, watched);
  }

  /**
   * Ends when each node has said that it is not ready, and why.
   * @returns milliseconds from `gone` until the last one had
   */
  async isSaid(gone: number, judge: (report: ReadinessReport) => void): Promise<number> {
    this.#gone = gone;
    for (const watched of this.#watched) {
      const { answered, report } = await watched.readiness.unready(gone);
      judge(report);
      watched.said = answered;
    }
    return Math.round(Math.max(...this.#watched.map(({ said }) => said)) - gone);
  }

  /** The people of these nodes say something: it waits, and they are still connected. */
  async isWaitedFor(): Promise<void> {
    for (const { place } of this.#watched) {
      const resident = this.#stage.resident(place);
      assert.equal(resident.session.status, 'connected', `${resident.person} was sent away`);
      this.#waiting.set(place, resident.say());
    }
  }

  /**
   * Ends when each node works for its people as before.
   * @returns milliseconds from `back` until somebody of it was heard on all nodes, by node
   */
  async isOver(back: number): Promise<readonly number[]> {
    this.#back = back;
    for (const { place, readiness, said } of this.#watched) {
      assert.ok(!readiness.saidReady(said, back), `node ${place} said that it is ready while it was not`);
      const { session } = this.#stage.resident(place);
      const mine = session.messages.find(({ text }) => text === this.#waiting.get(place));
      assert.equal(mine?.state, 'pending', 'what was said while nothing could be kept waits');
    }
    return Promise.all(
      this.#watched.map(async ({ place, readiness, witness }) => {
        const took = await this.#stage.heard(this.#stage.resident(place), this.#stage.residents, back);
        await readiness.ready(back);
        await until(
          PATIENCE,
          () => witness.acknowledged(back).length > 0,
          () => `node ${place} never acknowledged anything again`,
        );
        return took;
      }),
    );
  }

  /**
   * Holds the nodes to it: said that it is cut off, a node acknowledges nothing; and what was
   * acknowledged before is kept.
   */
  async conclude(): Promise<string> {
    for (const { witness } of this.#watched) witness.stop();
    const verdict = await this.#stage.conclude();
    const storage = await this.#stage.nodes.openStorage();
    const events = await wholeLog(storage).finally(() => storage.close());
    for (const { place, witness, said } of this.#watched) {
      witness.holdTo(events);
      assert.ok(this.#meanwhile(witness, said).length > 0, `nothing was said to node ${place} while it was away`);
      assert.equal(
        witness.acknowledged(said, this.#back).length,
        0,
        `node ${place} was away and acknowledged something`,
      );
    }
    return verdict;
  }

  /** What a witness said from a moment of the outage on. */
  #meanwhile(witness: Witness, from: number): Statement[] {
    return witness.statements.filter(({ said }) => said >= from && said < this.#back);
  }

  /** How it went, in words. */
  told(silent: number, live: readonly number[]): string {
    const meanwhile = this.#watched.flatMap(({ witness }) => this.#meanwhile(witness, this.#gone));
    const early = this.#watched.flatMap(({ witness, said }) => witness.acknowledged(this.#gone, said));
    const refused = meanwhile.filter(
      ({ refused, answered = Infinity }) => refused !== undefined && answered < this.#back,
    );
    const reasons = new Set(refused.map(({ refused }) => refused));
    const longest = Math.max(0, ...refused.map(({ said, answered = said }) => answered - said));
    return (
      `/readyz said so after ${silent} ms; of ${meanwhile.length} statements meanwhile 0 acknowledged from then on, ${early.length} before, ` +
      `all of them kept; ${refused.length} refused (${[...reasons].join(', ') || 'none'}) within ${Math.round(longest)} ms, ` +
      `the others answered when it was over; ms until heard everywhere again, by node: ${live.join(', ')}`
    );
  }
}
