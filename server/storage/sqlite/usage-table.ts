import type { Database, Statement } from 'better-sqlite3';

import type { SiteUsage, UsageCounts } from '../../domain/site.js';

const DAY = 24 * 60 * 60_000;

/** What each site had kept, by day. */
export class UsageTable {
  readonly #now: () => number;
  readonly #add: Statement<[UsageCounts & { readonly site: string; readonly day: string }]>;
  readonly #days: Statement<[site: string, first: string], UsageCounts & { readonly day: string }>;
  readonly #rooms: Statement<[site: string], number>;

  constructor(database: Database, now: () => number) {
    this.#now = now;
    this.#add = database.prepare(
      `INSERT INTO usage (site, day, events, messages, shapes, bytes)
       VALUES (@site, @day, @events, @messages, @shapes, @bytes)
       ON CONFLICT (site, day) DO UPDATE SET events = events + excluded.events, messages = messages + excluded.messages,
         shapes = shapes + excluded.shapes, bytes = bytes + excluded.bytes`,
    );
    this.#days = database.prepare(
      'SELECT day, events, messages, shapes, bytes FROM usage WHERE site = ? AND day >= ? ORDER BY day DESC',
    );
    this.#rooms = database.prepare<[string], number>('SELECT count(*) FROM room WHERE site = ?').pluck();
  }

  /**
   * Adds what a turn had kept of each site to the count of today. It runs inside the transaction of
   * its caller.
   */
  add(counts: ReadonlyMap<string, UsageCounts>): void {
    const day = dayOf(this.#now());
    for (const [site, { events, messages, shapes, bytes }] of counts) {
      this.#add.run({ site, day, events, messages, shapes, bytes });
    }
  }

  /** The last `days` days, today included. */
  of(site: string, days: number): SiteUsage {
    const first = dayOf(this.#now() - (days - 1) * DAY);
    return { rooms: this.#rooms.get(site) ?? 0, days: days < 1 ? [] : this.#days.all(site, first) };
  }
}

/** The day in UTC, as in `2026-11-21`. */
function dayOf(time: number): string {
  return new Date(Math.max(time, 0)).toISOString().slice(0, 10);
}
