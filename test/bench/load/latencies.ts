/** Microseconds that one slot stands for, and slots: up to 10 seconds. */
const SLOT = 20;
const SLOTS = 500_000;

/** Times of how long things took, in milliseconds. */
export interface LatencyReport {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/**
 * Counts times, exact to 20 microseconds, so that millions of them take no memory and little time.
 */
export class Latencies {
  readonly #slots = new Uint32Array(SLOTS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param milliseconds longer ones than 10 seconds count as 10 seconds. */
  add(milliseconds: number): void {
    const slot = Math.min(SLOTS - 1, Math.max(0, Math.floor((milliseconds * 1_000) / SLOT)));
    this.#slots[slot] = (this.#slots[slot] ?? 0) + 1;
    this.#count += 1;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#count = 0;
  }

  report(): LatencyReport {
    const [p50, p95, p99] = [this.#quantile(0.5), this.#quantile(0.95), this.#quantile(0.99)];
    return { count: this.#count, p50, p95, p99 };
  }

  /** In milliseconds: the end of the slot in which it lies. */
  #quantile(share: number): number {
    let left = this.#count * share;
    for (const [slot, count] of this.#slots.entries()) {
      left -= count;
      if (left <= 0 && this.#count > 0) return ((slot + 1) * SLOT) / 1_000;
    }
    return 0;
  }
}
