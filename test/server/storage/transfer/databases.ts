/** Databases of both engines, as something is copied from the one to the other. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import pg from 'pg';

import { openPostgres } from '../../../../server/storage/postgres/open-postgres.js';
import { openSqlite } from '../../../../server/storage/sqlite/open-sqlite.js';
import { PostgresDriver } from '../../../../server/storage/postgres/postgres-driver.js';
import { SqliteDriver } from '../../../../server/storage/sqlite/sqlite-driver.js';
import { newPostgresDatabase } from '../../../support/postgres-server.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { fillWithEverything, rowsOf } from './everything.js';

export const SECRET_KEY = 'the operator keeps this one to themselves';

type Driver = SqliteDriver | PostgresDriver;

/** Where there is no file yet. */
export async function newFile(t: TestContext): Promise<SqliteDriver> {
  return new SqliteDriver(join(await temporaryFolder(t), 'chalk-talk.db'));
}

/** An empty database. */
export async function newPostgres(t: TestContext): Promise<PostgresDriver> {
  return new PostgresDriver(await newPostgresDatabase(t));
}

/** What a server keeps everything in; closed after the test. */
export async function open(t: TestContext, place: Driver) {
  const storage =
    place.engine === 'sqlite'
      ? await openSqlite({ file: place.file, secretKey: SECRET_KEY, lockPatience: 0 })
      : await openPostgres({ url: place.url, secretKey: SECRET_KEY, patience: { lock: 200 } });
  t.after(() => storage.close());
  return storage;
}

/** A database that holds everything, on which no server runs. */
export async function filled<Place extends Driver>(t: TestContext, place: Place): Promise<Place> {
  const storage = await open(t, place);
  await fillWithEverything(storage);
  await storage.close();
  return place;
}

/** All rows of a database on which no server runs. */
export function contentOf(place: Driver): ReturnType<typeof rowsOf> {
  return place.read(SECRET_KEY, rowsOf);
}

/** A connection to a database; closed after the test. */
export async function connected(t: TestContext, { url }: PostgresDriver): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  t.after(() => client.end());
  return client;
}
