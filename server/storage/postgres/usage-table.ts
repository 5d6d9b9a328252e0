import type { SiteUsage, UsageCounts } from '../../domain/site.js';
import { columnsOf } from './columns.js';
import type { Connections } from './connections.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';

const DAY = 24 * 60 * 60_000;

/**
 * Rows over which the count of a site and day is spread, so that turns of one site seldom wait for
 * each other.
 */
const PARTS = 16;

type Numbers = readonly number[];

/**
 * Each connection counts in one part. Sites come in one order, so that no turns wait for each other
 * in a circle.
 */
const add = statement<
  [day: string, sites: readonly string[], events: Numbers, messages: Numbers, shapes: Numbers, bytes: Numbers]
>(
  `INSERT INTO usage (site, day, part, events, messages, shapes, bytes)
   SELECT site, $1, pg_backend_pid() % ${PARTS}, events, messages, shapes, bytes
   FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
     AS kept (site, events, messages, shapes, bytes)
   ON CONFLICT (site, day, part) DO UPDATE SET events = usage.events + excluded.events,
     messages = usage.messages + excluded.messages, shapes = usage.shapes + excluded.shapes,
     bytes = usage.bytes + excluded.bytes`,
);

const days = statement<[site: string, first: string], UsageCounts & { readonly day: string }>(
  `SELECT day, sum(events)::bigint AS events, sum(messages)::bigint AS messages, sum(shapes)::bigint AS shapes,
     sum(bytes)::bigint AS bytes
   FROM usage WHERE site = $1 AND day >= $2 GROUP BY day ORDER BY day DESC`,
);

const rooms = statement<[site: string], { readonly rooms: number }>(
  'SELECT count(*) AS rooms FROM room WHERE site = $1',
);

/** Adds what a turn had kept of each site to the count of the day. */
export function addUsage(transaction: Transaction, counts: ReadonlyMap<string, UsageCounts>, now: number): void {
  if (counts.size === 0) return;
  const rows = [...counts].map(([site, kept]) => ({ site, ...kept }));
  rows.sort((one, other) => (one.site < other.site ? -1 : 1));
  void transaction.change(add, dayOf(now), ...columnsOf(rows, ['site', 'events', 'messages', 'shapes', 'bytes']));
}

/** What a site had kept on the last `count` days, today included. @throws StorageError */
export async function usageOf(connections: Connections, site: string, count: number, now: number): Promise<SiteUsage> {
  const first = dayOf(now - (count - 1) * DAY);
  const [[row], found] = await Promise.all([connections.run(rooms, site), connections.run(days, site, first)]);
  return { rooms: row?.rooms ?? 0, days: count < 1 ? [] : found };
}

/** The day in UTC, as in `2026-11-21`. */
function dayOf(time: number): string {
  return new Date(Math.max(time, 0)).toISOString().slice(0, 10);
}
