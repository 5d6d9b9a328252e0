import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { PostgresDriver } from '../../../../server/storage/postgres/postgres-driver.js';
import { migratePostgres } from '../../../../server/storage/postgres/migrate.js';
import { MIGRATIONS } from '../../../../server/storage/postgres/migrations/index.js';
import { fillPostgres } from '../../../../server/storage/postgres/copy.js';
import { connected, filled, newPostgres, open } from './databases.js';

/** What a later version would have. */
const LATER = [...MIGRATIONS, 'CREATE TABLE later ()'];

async function formOf(t: TestContext, place: PostgresDriver): Promise<unknown> {
  const { rows } = await (await connected(t, place)).query<{ form: number }>('SELECT form FROM schema_form');
  return rows[0]?.form;
}

/** Fills it with nothing, as a later version. */
function fill(place: PostgresDriver): Promise<string> {
  return fillPostgres(place, () => Promise.resolve('done'), LATER);
}

test('a database of an earlier form that holds something, or that a server runs on, stays in its form', async t => {
  const full = await filled(t, await newPostgres(t));
  await assert.rejects(fill(full), { name: 'StorageError', message: /already: what is copied goes into an empty/ });
  assert.equal(await formOf(t, full), MIGRATIONS.length);

  const used = await newPostgres(t);
  const server = await open(t, used);
  await assert.rejects(fill(used), { name: 'StorageError', message: /in use.*Nothing in it was changed/ });
  assert.equal(await formOf(t, used), MIGRATIONS.length);
  await server.close();
});

test('an empty database of an earlier form is brought to the present one, and filled', async t => {
  const place = await newPostgres(t);
  await migratePostgres(place.url);
  assert.equal(await fill(place), 'done');
  assert.equal(await formOf(t, place), LATER.length);
});
