import type { Clock } from '../clock.js';
import type { SharedBudgets } from '../cluster/cluster.js';
import type { Logger } from '../log.js';
import { SharedBucket } from './shared-bucket.js';
import type { NewBucket } from './token-bucket.js';

export interface SettlementOptions {
  readonly budgets: SharedBudgets;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Milliseconds between two exchanges of pressing amounts. */
const EVERY = 200;
/** Milliseconds between two exchanges of all other amounts. */
const EVERYTHING_EVERY = 1_000;

/**
 * Shares budgets between nodes. Each node decides at once, by its own buckets. A few times a second
 * it reports what was spent of them, and gets back what is left over all nodes. While the link to
 * the other nodes is down, each node goes on alone.
 */
export class Settlement {
  readonly #options: SettlementOptions;
  /** Buckets with spending that is not reported yet. */
  readonly #spent = new Set<SharedBucket>();
  #next = 0;
  #nextOfEverything = 0;
  #isFailing = false;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /**
   * Makes buckets that count over all nodes.
   *
   * @param what is limited, the same name on every node
   */
  of(what: string): NewBucket {
    return (holder, rate, now) => new SharedBucket(`${what} ${holder}`, rate, now, bucket => this.#add(bucket));
  }

  /** Stops the exchange. Harmless when called again. */
  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #add(bucket: SharedBucket): void {
    this.#spent.add(bucket);
    this.#wake();
  }

  #wake(): void {
    const { clock } = this.#options;
    if (this.#closed || this.#cancel || this.#spent.size === 0) return;
    this.#cancel = clock.after(this.#next - clock.now(), () => {
      void this.#settle().finally(() => {
        this.#cancel = undefined;
        this.#wake();
      });
    });
  }

  async #settle(): Promise<void> {
    const { budgets, clock, log } = this.#options;
    this.#next = clock.now() + EVERY;
    const settled = this.#due(clock.now()).map(bucket => ({ bucket, amount: bucket.tell() }));
    if (settled.length === 0) return;
    try {
      const left = await budgets.settle(
        settled.map(({ bucket: { budget, rate }, amount }) => ({ budget, rate, amount })),
      );
      const now = clock.now();
      for (const [index, { bucket }] of settled.entries()) bucket.settle(left[index] ?? Infinity, now);
      this.#isFailing = false;
    } catch (fault) {
      const now = clock.now();
      for (const { bucket, amount } of settled) {
        if (bucket.takeBack(amount, now)) this.#spent.add(bucket);
        else this.#spent.delete(bucket);
      }
      if (!this.#isFailing)
        log.warn({ err: fault }, 'limits hold for this node alone, until the others can be told again');
      this.#isFailing = true;
    }
  }

  /** The buckets to be settled now. Later spending waits for the next time. */
  #due(now: number): readonly SharedBucket[] {
    const isForAll = now >= this.#nextOfEverything;
    if (isForAll) this.#nextOfEverything = now + EVERYTHING_EVERY;
    const due = [...this.#spent].filter(bucket => isForAll || bucket.isPressing);
    for (const bucket of due) this.#spent.delete(bucket);
    return due;
  }
}
