import { type NewBucket, newOwnBucket, type Rate, type TokenBucket } from './token-bucket.js';

/**
 * What one holder may do, in several respects. Each is made when it is first asked for: many people
 * never draw, and what nobody asked for is full.
 */
export class Budget<Kind extends string> {
  readonly #rates: Readonly<Record<Kind, Rate>>;
  readonly #holder: string;
  readonly #newBucket: NewBucket;
  readonly #buckets: Partial<Record<Kind, TokenBucket>> = {};

  /** @param holder by which it is known to `newBucket` */
  constructor(rates: Readonly<Record<Kind, Rate>>, holder = '', newBucket = newOwnBucket) {
    this.#rates = rates;
    this.#holder = holder;
    this.#newBucket = newBucket;
  }

  /** As `TokenBucket.wait`. */
  wait(kind: Kind, amount: number, now: number): number {
    return this.#of(kind, now).wait(amount, now);
  }

  /** As `TokenBucket.spend`. */
  spend(kind: Kind, amount: number, now: number): void {
    this.#of(kind, now).spend(amount);
  }

  /** As `TokenBucket.take`. */
  take(kind: Kind, amount: number, now: number): number {
    return this.#of(kind, now).take(amount, now);
  }

  /** Milliseconds until all of it is there again. */
  untilFull(kind: Kind, now: number): number {
    return this.wait(kind, Infinity, now);
  }

  #of(kind: Kind, now: number): TokenBucket {
    return (this.#buckets[kind] ??= this.#newBucket(`${this.#holder} ${kind}`, this.#rates[kind], now));
  }
}
