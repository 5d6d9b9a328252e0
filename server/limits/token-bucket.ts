import { LRUCache } from 'lru-cache';

import { RefusedError } from '../../protocol/errors.js';

/** How much may be done: `perSecond` in the long run, `burst` at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What is said of a budget that never fills, in milliseconds: an hour. */
const LONGEST = 3_600_000;
/** What of an amount may be missing: as much as sums of fractions are off. */
const OFF = 1e-6;

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
   * How long until so much is there: whoever asks again then finds it, unless somebody else has
   * taken of it. What is more than the budget ever holds is there when it is full, for else it
   * never would be.
   *
   * @param now in milliseconds since 1970
   * @returns milliseconds; 0 where it is there now
   */
  wait(amount: number, now: number): number {
    const { perSecond, burst } = this.#rate;
    this.#fill(now);
    const missing = Math.min(amount, Math.max(1, burst)) - this.#left;
    if (missing <= OFF) return 0;
    return Math.min(LONGEST, Math.max(1, Math.ceil((missing / perSecond) * 1_000 - OFF)));
  }

  /**
   * Takes what `wait` has just said is there.
   *
   * @returns what was taken: less than `amount` where that is more than the budget ever holds
   */
  spend(amount: number): number {
    const taken = Math.min(amount, Math.max(0, this.#left));
    this.#left -= taken;
    return taken;
  }

  /** As `wait`, and where it is there it is taken; else nothing is. */
  take(amount: number, now: number): number {
    const wait = this.wait(amount, now);
    if (wait === 0) this.spend(amount);
    return wait;
  }

  /** What is missing until it is full. */
  missing(now: number): number {
    this.#fill(now);
    return this.#rate.burst - this.#left;
  }

  /**
   * Has no more than `left` from now on; where that is negative, what is owed is waited for as
   * well.
   */
  lower(left: number, now: number): void {
    this.#fill(now);
    this.#left = Math.min(this.#left, left);
  }

  #fill(now: number): void {
    const { perSecond, burst } = this.#rate;
    this.#left = Math.min(burst, this.#left + (Math.max(0, now - this.#at) / 1_000) * perSecond);
    this.#at = now;
  }
}

/**
 * Makes somebody's bucket: one that nobody else takes from, or one that counts over all nodes (see
 * Settlement).
 */
export type NewBucket = (holder: string, rate: Rate, now: number) => TokenBucket;

export const newOwnBucket: NewBucket = (_holder, rate, now) => new TokenBucket(rate, now);

/**
 * More holders than are ever busy at once: a budget that was evicted would be full again by then.
 * Caches are bound by it as a sum of sizes, of 1 each: given as `max` it would reserve memory for
 * all of them at once, a megabyte a cache.
 */
export const HOLDERS = 50_000;

/**
 * A budget of the same size for each of many: people, sites. It outlives connections, so that
 * coming back does not refill it.
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #newBucket: NewBucket;
  readonly #buckets = new LRUCache<string, TokenBucket>({ maxSize: HOLDERS, sizeCalculation: () => 1 });

  constructor(rate: Rate, newBucket = newOwnBucket) {
    this.#rate = rate;
    this.#newBucket = newBucket;
  }

  /** As `TokenBucket.take`, from the budget of `holder`. */
  take(holder: string, amount: number, now: number): number {
    return this.#of(holder, now).take(amount, now);
  }

  /** As `TokenBucket.wait`. */
  wait(holder: string, amount: number, now: number): number {
    return this.#of(holder, now).wait(amount, now);
  }

  #of(holder: string, now: number): TokenBucket {
    let bucket = this.#buckets.get(holder);
    if (!bucket) {
      bucket = this.#newBucket(holder, this.#rate, now);
      this.#buckets.set(holder, bucket);
    }
    return bucket;
  }
}

/**
 * Takes one from the holder's budget.
 *
 * @throws RefusedError `rate_limited` where there is none left
 */
export function throttle(buckets: Pick<TokenBuckets, 'take'>, holder: string, now: number): void {
  const retryAfter = buckets.take(holder, 1, now);
  if (retryAfter > 0) throw new RefusedError('rate_limited', { retryAfter });
}
