import { LRUCache } from 'lru-cache';

import { RefusedError } from '../../protocol/errors.js';

/** A rate: `perSecond` in the long run, `burst` at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** The longest wait, for a budget that never fills: an hour, in milliseconds. */
const LONGEST = 3_600_000;
/** Tolerated rounding error of sums of fractions. */
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
   * How long until the amount is there. Asking again after that succeeds, unless somebody else has
   * spent it. An amount larger than the whole budget is granted when the budget is full.
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
   * Spends an amount that `wait` has just granted.
   *
   * @returns what was spent: less than `amount` where that is more than the budget ever holds
   */
  spend(amount: number): number {
    const taken = Math.min(amount, Math.max(0, this.#left));
    this.#left -= taken;
    return taken;
  }

  /** As `wait`, and spends the amount if it is there. */
  take(amount: number, now: number): number {
    const wait = this.wait(amount, now);
    if (wait === 0) this.spend(amount);
    return wait;
  }

  /** How much is missing until it is full. */
  missing(now: number): number {
    this.#fill(now);
    return this.#rate.burst - this.#left;
  }

  /** Lowers the level to at most `left`. A negative level is a debt, which lengthens every wait. */
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

/** Makes a bucket for somebody: a local one, or one that counts over all nodes (see Settlement). */
export type NewBucket = (holder: string, rate: Rate, now: number) => TokenBucket;

export const newOwnBucket: NewBucket = (_holder, rate, now) => new TokenBucket(rate, now);

/**
 * More holders than are ever active at once, so an evicted budget would be full again anyway.
 * Caches are bound by it as a sum of sizes of 1: given as `max` it would reserve memory for all of
 * them at once, a megabyte a cache.
 */
export const HOLDERS = 50_000;

/**
 * Budgets of the same size for many holders: people, sites. They outlive connections, so
 * reconnecting refills nothing.
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
 * @throws RefusedError `rate_limited` where it is empty
 */
export function throttle(buckets: Pick<TokenBuckets, 'take'>, holder: string, now: number): void {
  const retryAfter = buckets.take(holder, 1, now);
  if (retryAfter > 0) throw new RefusedError('rate_limited', { retryAfter });
}
