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
 * What one connection may send, whatever it is: more than any client of ours has reason to. Whoever
 * exceeds it is closed, and may come back when all of it is there again.
 */
export class ConnectionBudget {
  readonly #budget: Budget<keyof typeof CODES>;

  constructor({ packets, packetSize, packetPoints }: Pick<Rates, 'packets' | 'packetSize' | 'packetPoints'>) {
    this.#budget = new Budget({ messages: packets, bytes: packetSize, points: packetPoints });
  }

  /**
   * Takes what a packet costs, before it is read.
   *
   * @param size its characters
   * @returns why not, where it is too much
   */
  packet(size: number, now: number): RefusedError | undefined {
    return this.#take('messages', 1, now) ?? this.#take('bytes', size, now);
  }

  /** Takes what ink costs. @returns why not, where it is too much */
  points(count: number, now: number): RefusedError | undefined {
    return count > 0 ? this.#take('points', count, now) : undefined;
  }

  #take(kind: keyof typeof CODES, amount: number, now: number): RefusedError | undefined {
    if (this.#budget.take(kind, amount, now) === 0) return undefined;
    return new RefusedError(CODES[kind], { retryAfter: this.#budget.untilFull(kind, now) });
  }
}

/**
 * The budgets of a person's former connections, which their next ones go on with: so coming back
 * refills nothing. Nobody has more of them than they had connections at one time.
 */
export class FormerBudgets {
  readonly #byHolder = new LRUCache<string, ConnectionBudget[]>({ maxSize: HOLDERS, sizeCalculation: () => 1 });

  /** One that the person's next connection takes over; undefined where there is none. */
  take(holder: string): ConnectionBudget | undefined {
    const budgets = this.#byHolder.get(holder);
    const budget = budgets?.pop();
    if (budgets?.length === 0) this.#byHolder.delete(holder);
    return budget;
  }

  /** To be called when a connection has gone. */
  keep(holder: string, budget: ConnectionBudget): void {
    const budgets = this.#byHolder.get(holder);
    if (budgets) budgets.push(budget);
    else this.#byHolder.set(holder, [budget]);
  }
}
