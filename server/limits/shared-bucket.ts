import { type Rate, TokenBucket } from './token-bucket.js';

/** The part of a budget that may be spent here before it must be reported soon. */
const TOLD_SOON = 1 / 10;

/**
 * A budget shared with other nodes: a local bucket, whose level is settled with theirs (see
 * Settlement).
 */
export class SharedBucket extends TokenBucket {
  /** Its name, the same on every node. */
  readonly budget: string;
  readonly rate: Rate;
  readonly #onSpent: (bucket: SharedBucket) => void;
  #untold = 0;
  #isKnown = false;

  /** @param onSpent called when there is spending to report */
  constructor(budget: string, rate: Rate, now: number, onSpent: (bucket: SharedBucket) => void) {
    super(rate, now);
    this.budget = budget;
    this.rate = rate;
    this.#onSpent = onSpent;
  }

  override spend(amount: number): number {
    const taken = super.spend(amount);
    this.#untold += taken;
    if (taken > 0) this.#onSpent(this);
    return taken;
  }

  /** Whether the others need to know soon, or this node knows nothing of their spending yet. */
  get isPressing(): boolean {
    return !this.#isKnown || this.#untold >= this.rate.burst * TOLD_SOON;
  }

  /** The amount to report. From now on it counts as reported; see `takeBack`. */
  tell(): number {
    const told = this.#untold;
    this.#untold = 0;
    return told;
  }

  /** Sets what all nodes together have left, not counting what was spent here since the report. */
  settle(left: number, now: number): void {
    this.#isKnown = true;
    this.lower(left - this.#untold, now);
  }

  /**
   * The report failed. Spending that refills before the next report need not be reported.
   *
   * @returns whether anything is left to report
   */
  takeBack(told: number, now: number): boolean {
    this.#untold = Math.min(this.#untold + told, this.missing(now));
    return this.#untold > 0;
  }
}
