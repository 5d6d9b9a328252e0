import { RecentMap } from './recent-map.js';

/** How much may be done: `perSecond` in the long run, `burst` at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A budget that fills up with time. */
export class TokenBucket {
  readonly #rate: Rate;
  #left: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = now;
  }

  /**
   * Takes from the budget.
   *
   * @param now in milliseconds since 1970
   * @returns 0 where it was there, else the milliseconds until it will be; then nothing was taken
   */
  take(amount: number, now: number): number {
    const { perSecond, burst } = this.#rate;
    this.#left = Math.min(burst, this.#left + (Math.max(0, now - this.#at) / 1_000) * perSecond);
    this.#at = now;
    if (amount <= this.#left) {
      this.#left -= amount;
      return 0;
    }
    return Math.max(1, Math.ceil(((Math.min(amount, burst) - this.#left) / perSecond) * 1_000));
  }
}

/** More holders of a budget than are ever busy at once: a budget that was let go would be full again by then. */
const HOLDERS = 50_000;

/** A budget of the same size for each of many: people, sites. It outlives connections, so that coming back does not refill it. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #buckets = new RecentMap<string, TokenBucket>(HOLDERS);

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** As `TokenBucket.take`, from the budget of `holder`. */
  take(holder: string, amount: number, now: number): number {
    let bucket = this.#buckets.get(holder);
    if (!bucket) {
      bucket = new TokenBucket(this.#rate, now);
      this.#buckets.set(holder, bucket);
    }
    return bucket.take(amount, now);
  }
}
