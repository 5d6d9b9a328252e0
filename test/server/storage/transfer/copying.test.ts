import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import type { DatabasePlace } from '../../../../server/database-url.js';
import { openPostgres } from '../../../../server/storage/postgres/open-postgres.js';
import { openSqlite } from '../../../../server/storage/sqlite/open-sqlite.js';
import { copyDatabase } from '../../../../server/storage/transfer/copy-database.js';
import { readPostgres } from '../../../../server/storage/transfer/postgres-source.js';
import { readSqlite } from '../../../../server/storage/transfer/sqlite-source.js';
import { TABLES } from '../../../../server/storage/transfer/tables.js';
import { newPostgresDatabase } from '../../../support/postgres-server.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { fillWithEverything, LARGE, MESSAGES, rowsOf, UNTOUCHED } from './everything.js';

const SECRET_KEY = 'the operator keeps this one to themselves';

async function newFile(t: TestContext, name = 'chalk-talk.db'): Promise<DatabasePlace> {
  return { engine: 'sqlite', file: join(await temporaryFolder(t), name) };
}

async function newPostgres(t: TestContext): Promise<DatabasePlace> {
  return { engine: 'postgres', url: await newPostgresDatabase(t) };
}

function open(place: DatabasePlace) {
  const secretKey = SECRET_KEY;
  return place.engine === 'sqlite'
    ? openSqlite({ file: place.file, secretKey })
    : openPostgres({ url: place.url, secretKey });
}

/** A database that holds everything, on which no server runs. */
async function filled(place: DatabasePlace): Promise<DatabasePlace> {
  const storage = await open(place);
  try {
    await fillWithEverything(storage);
  } finally {
    await storage.close();
  }
  return place;
}

const contentOf = (place: DatabasePlace) =>
  place.engine === 'sqlite' ? readSqlite(place.file, SECRET_KEY, rowsOf) : readPostgres(place, SECRET_KEY, rowsOf);

test('everything goes to the other engine and back, row for row', async t => {
  const first = await filled(await newFile(t));
  const [second, third, fourth] = [await newPostgres(t), await newPostgres(t), await newFile(t)];
  const before = await contentOf(first);
  for (const { name } of TABLES) assert.ok((before[name] ?? []).length > 0, `${name} is empty`);
  const way = [first, second, third, fourth];
  for (const [index, to] of way.slice(1).entries()) {
    const counts = await copyDatabase({ from: way[index] ?? first, to, secretKey: SECRET_KEY });
    assert.deepEqual(await contentOf(to), before);
    for (const { name } of TABLES) assert.equal(counts.get(name), before[name]?.length, name);
  }
});
