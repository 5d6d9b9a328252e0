/**
 * What a PostgreSQL tells of locks and of who waits for them: in the database of who asks, for
 * other tests run on the same server.
 */
import assert from 'node:assert/strict';

import type pg from 'pg';

import { PATIENCE, until } from './patience.js';

/**
 * Resolves when some connection waits for a lock that another one holds.
 * @returns the statement that waits
 */
export async function someoneWaits(client: pg.Client): Promise<string> {
  let waits: string | undefined;
  const look = async () => {
    // In a transaction it would be told again what it was told first.
    await client.query('SELECT pg_stat_clear_snapshot()');
    const { rows } = await client.query<{ query: string }>(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    waits = rows[0]?.query;
    return waits !== undefined;
  };
  await until(PATIENCE, look, () => 'Nobody waits for a lock.');
  return waits ?? assert.fail();
}

/** The process that serves the one connection which holds an advisory lock. */
export async function advisoryLockHolder(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  const [holder] = rows;
  assert.ok(holder && rows.length === 1, `${rows.length} connections hold an advisory lock`);
  return holder.pid;
}
