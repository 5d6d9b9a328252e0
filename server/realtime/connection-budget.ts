import { LRUCache } from 'lru-cache';

import { RefusedError, type RefusalCode } from '../../protocol/errors.js';
import { Budget } from '../limits/budget.js';
import type { Rates } from '../limits/rates.js';
import { HOLDERS } from '../limits/token-bucket.js';

const CODES = {
  messages: 'connection_messages_limited',
  bytes: 'connection_bytes_limited',
  points: 'connection_points_limited',
} as const satisfies Record<string, RefusalCode>;

/**
 * Limits everything that one connection sends, above what any client of ours needs. Whoever exceeds
 * it is closed, and may return when it is full again.
 */
export class ConnectionBudget {
  readonly #budget: Budget<keyof typeof CODES>;

  constructor({ packets, packetSize, packetPoints }: Pick<Rates, 'packets' | 'packetSize' | 'packetPoints'>) {
    this.#budget = new Budget({ messages: packets, bytes: packetSize, points: packetPoints });
  }

  /**
   * Charges a packet, before it is parsed.
   *
   * @param size its characters
   * @returns the refusal where the budget is exceeded
   */
  packet(size: number, now: number): RefusedError | undefined {
    return this.#take('messages', 1, now) ?? this.#take('bytes', size, now);
  }

  /**
   * Charges points of ink.
   * @returns the refusal where the budget is exceeded
   */
  points(count: number, now: number): RefusedError | undefined {
    return count > 0 ? this.#take('points', count, now) : undefined;
  }

  #take(kind: keyof typeof CODES, amount: number, now: number): RefusedError | undefined {
    if (this.#budget.take(kind, amount, now) === 0) return undefined;
    return new RefusedError(CODES[kind], { retryAfter: this.#budget.untilFull(kind, now) });
  }
}

/**
 * Budgets of closed connections, handed to the same person's next ones, so that reconnecting
 * refills nothing. A person never has more of them than they had connections at one time.
 */
export class FormerBudgets {
  readonly #byHolder = new LRUCache<string, ConnectionBudget[]>({ maxSize: HOLDERS, sizeCalculation: () => 1 });

  /** Takes a budget for the person's next connection; undefined where there is none. */
  take(holder: string): ConnectionBudget | undefined {
    const budgets = this.#byHolder.get(holder);
    const budget = budgets?.pop();
    if (budgets?.length === 0) this.#byHolder.delete(holder);
    return budget;
  }

  /** Call when a connection has closed. */
  keep(holder: string, budget: ConnectionBudget): void {
    const budgets = this.#byHolder.get(holder);
    if (budgets) budgets.push(budget);
    else this.#byHolder.set(holder, [budget]);
  }
}
