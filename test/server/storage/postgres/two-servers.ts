import type { TestContext } from 'node:test';

import pg from 'pg';

import { openPostgres, type PostgresOptions } from '../../../../server/storage/postgres/open-postgres.js';
import type { PostgresStorage } from '../../../../server/storage/postgres/postgres-storage.js';
import { newPostgresDatabase } from '../../../support/postgres-server.js';
import { site } from '../contract/home.js';

export const SECRET_KEY = 'the operator keeps this one to themselves';

/** Opens a storage as one more server of this database does. */
export async function openAt(
  t: TestContext,
  url: string,
  options: Partial<PostgresOptions> = {},
): Promise<PostgresStorage> {
  const storage = await openPostgres({ url, secretKey: SECRET_KEY, ...options });
  t.after(() => storage.close());
  return storage;
}

/** A database with the sites `acme` and `zeta`, and the storages of so many servers on it. */
export async function newServers(
  t: TestContext,
  count: number,
  options: Partial<PostgresOptions> = {},
): Promise<{ readonly url: string; readonly servers: readonly PostgresStorage[] }> {
  const url = await newPostgresDatabase(t);
  const first = await openAt(t, url, options);
  for (const id of ['acme', 'zeta']) await first.putSite(site(id));
  const others = await Promise.all(Array.from({ length: count - 1 }, () => openAt(t, url, options)));
  return { url, servers: [first, ...others] };
}

/** A connection of nobody's. */
export async function connectTo(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  t.after(() => client.end().catch(() => undefined));
  return client;
}
