import { type Rate, TokenBucket } from './token-bucket.js';

/**
 * What of a budget may be spent here before the other nodes must be told soon: this part of what it
 * holds.
 */
const TOLD_SOON = 1 / 10;

/**
 * A budget that other nodes take from as well: a bucket of this node's own, whose level is settled
 * with the others' (see Settlement).
 */
export class SharedBucket extends TokenBucket {
  /** What it is called on every node. */
  readonly budget: string;
  readonly rate: Rate;
  readonly #onSpent: (bucket: SharedBucket) => void;
  #untold = 0;
  #isKnown = false;

  /** @param onSpent called when something was spent that the others were not told */
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

  /**
   * Whether what was spent here matters to the others at once, or what they spent is not known here
   * at all.
   */
  get isPressing(): boolean {
    return !this.#isKnown || this.#untold >= this.rate.burst * TOLD_SOON;
  }

  /** What the others are about to be told. From now on it counts as told; see `takeBack`. */
  tell(): number {
    const told = this.#untold;
    this.#untold = 0;
    return told;
  }

  /** All nodes together have so much left, before what was spent here since they were told. */
  settle(left: number, now: number): void {
    this.#isKnown = true;
    this.lower(left - this.#untold, now);
  }

  /**
   * They were not told after all. What has filled up again until they can be is nothing that they
   * need to hear of.
   *
   * @returns whether anything is left that they are to be told
   */
  takeBack(told: number, now: number): boolean {
    this.#untold = Math.min(this.#untold + told, this.missing(now));
    return this.#untold > 0;
  }
}
