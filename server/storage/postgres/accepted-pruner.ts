import { ACCEPTED_LASTS } from '../storage-driver.js';
import type { Connections } from './connections.js';
import { statement } from './statement.js';

/** After how many commands that came in some old ones are forgotten. */
const EVERY = 200;

const oldest = statement<[], { readonly at: number }>('SELECT at FROM accepted ORDER BY number LIMIT 1');

/** Rows that another server is just forgetting are left to it. */
const OLDEST_FEW = `
  WITH first AS MATERIALIZED (SELECT number, at FROM accepted ORDER BY number LIMIT $2 FOR UPDATE SKIP LOCKED)`;

const prune = statement<[before: number, limit: number]>(
  `${OLDEST_FEW} DELETE FROM accepted USING first WHERE accepted.number = first.number AND first.at < $1`,
);

const redate = statement<[at: number, limit: number]>(
  `${OLDEST_FEW} UPDATE accepted SET at = $1 FROM first WHERE accepted.number = first.number AND first.at > $1`,
);

/**
 * Forgets accepted commands that are older than ACCEPTED_LASTS, while turns go on: each time twice
 * as many as came in, so that it catches up.
 */
export class AcceptedPruner {
  readonly #connections: Connections;
  readonly #now: () => number;
  #cameIn = 0;
  #underWay: Promise<void> | undefined;

  /** @param now server time in milliseconds since 1970 */
  constructor(connections: Connections, now: () => number) {
    this.#connections = connections;
    this.#now = now;
  }

  /** Commands were accepted. */
  cameIn(commands: number): void {
    this.#cameIn += commands;
    if (this.#cameIn < EVERY || this.#underWay) return;
    const few = 2 * this.#cameIn;
    this.#cameIn = 0;
    // What is not forgotten now is forgotten the next time.
    this.#underWay = this.#forget(few)
      .catch(() => undefined)
      .finally(() => (this.#underWay = undefined));
  }

  /** Resolves when nothing is being forgotten. */
  async close(): Promise<void> {
    await this.#underWay;
  }

  async #forget(few: number): Promise<void> {
    const before = this.#now() - ACCEPTED_LASTS;
    const [first] = await this.#connections.run(oldest);
    if (!first) return;
    if (first.at < before) await this.#connections.change(prune, before, few);
    // It is from the future, for a clock was set back since: until that time comes nothing after it
    // would be forgotten either.
    else if (first.at > before + ACCEPTED_LASTS) await this.#connections.change(redate, before + ACCEPTED_LASTS, few);
  }
}
