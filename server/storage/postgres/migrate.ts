import pg from 'pg';

import { StorageError } from '../../domain/storage.js';
import { connectionSettings, PATIENCE } from './connections.js';
import { explained } from './fault-of.js';
import type { Migrated } from '../storage-driver.js';
import { MIGRATIONS } from './migrations/index.js';

/** The advisory lock that whoever changes the form of the database holds. */
const MIGRATING = 1_668_638_061;

/**
 * How long another server may take to migrate before this one gives up waiting for it, in
 * milliseconds.
 */
const LOCK_PATIENCE = 10 * 60_000;

/**
 * The oldest PostgreSQL that is supported, as `server_version_num` tells it; docs/deploy.md says so
 * too.
 */
const OLDEST = 150_000;

/**
 * Brings a database to the present form, one step a transaction. Of several servers that start at
 * once one does it, and the others wait.
 *
 * @throws StorageError where a newer program made the database, or it can't be used
 */
export async function migratePostgres(url: string, migrations: readonly string[] = MIGRATIONS): Promise<Migrated> {
  const client = new pg.Client({ ...connectionSettings(url, { ...PATIENCE, answer: 0 }), pipeline: false });
  // Who waits for an answer hears of a lost connection by it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await refuseOld(client);
    await client.query(`SET statement_timeout = 0; SET lock_timeout = ${LOCK_PATIENCE}`);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATING]);
    return await migrate(client, migrations);
  } catch (fault) {
    throw explained(fault);
  } finally {
    // Which lets go of the lock.
    await client.end().catch(() => undefined);
  }
}

async function refuseOld(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; words: string }>(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS words`,
  );
  const [row] = rows;
  if (row && row.version < OLDEST) {
    throw new StorageError(`The database is PostgreSQL ${row.words}; it must be ${OLDEST / 10_000} or newer.`);
  }
}

async function migrate(client: pg.Client, migrations: readonly string[]): Promise<Migrated> {
  const from = await formOf(client);
  if (from > migrations.length) {
    throw new StorageError(
      `The database has schema version ${from}; this program knows versions up to ${migrations.length}. Run the newer program.`,
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < from) continue;
    try {
      await client.query('BEGIN');
      if (index === 0) await client.query('CREATE TABLE schema_form (form integer NOT NULL)');
      await client.query(sql);
      await client.query(
        index === 0 ? 'INSERT INTO schema_form (form) VALUES (1)' : `UPDATE schema_form SET form = ${index + 1}`,
      );
      await client.query('COMMIT');
    } catch (fault) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw fault;
    }
  }
  return { from, to: migrations.length };
}

/**
 * Only reads where there is nothing to do: the role of a server need not be allowed to change the
 * form.
 */
async function formOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ known: boolean }>(`SELECT to_regclass('schema_form') IS NOT NULL AS known`);
  if (!rows[0]?.known) return 0;
  const found = await client.query<{ form: number }>('SELECT form FROM schema_form');
  return found.rows[0]?.form ?? 0;
}
