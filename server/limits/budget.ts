import { type NewBucket, newOwnBucket, type Rate, type TokenBucket } from './token-bucket.js';

/**
 * Several budgets of one holder. Each is created on first use: many people never draw, and an
 * unused budget is full anyway.
 */
export class Budget<Kind extends string> {
  readonly #rates: Readonly<Record<Kind, Rate>>;
  readonly #holder: string;
  readonly #newBucket: NewBucket;
  readonly #buckets: Partial<Record<Kind, TokenBucket>> = {};

  /** @param holder its name for `newBucket` */
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

  /** Milliseconds until all of them are full. */
  untilFull(kind: Kind, now: number): number {
    return this.wait(kind, Infinity, now);
  }

  #of(kind: Kind, now: number): TokenBucket {
    return (this.#buckets[kind] ??= this.#newBucket(`${this.#holder} ${kind}`, this.#rates[kind], now));
  }
}
