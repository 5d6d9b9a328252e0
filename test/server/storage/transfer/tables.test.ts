import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openDatabase } from '../../../../server/storage/sqlite/database.js';
import { migratePostgres } from '../../../../server/storage/postgres/migrate.js';
import { rowsOfSqlite } from '../../../../server/storage/sqlite/copy.js';
import { TABLES } from '../../../../server/storage/tables.js';
import { connected, filled, newFile, newPostgres } from './databases.js';

/** What only several servers on one database need. */
const POSTGRES_ONLY = new Set(['schema_form.form', 'site_change.id', 'site_change.number', 'usage.part']);

/** What would be copied. */
const COPIED = TABLES.flatMap(({ name, columns }) =>
  columns.map(column => `${name}.${column.name} ${column.kind}`),
).sort();

test('no column of SQLite is left behind', t => {
  const database = openDatabase(':memory:', 0);
  t.after(() => database.close());
  const kinds: Readonly<Record<string, string>> = { INTEGER: 'integer', TEXT: 'text', BLOB: 'bytes' };
  const columns = database
    .prepare<[], { readonly name: string; readonly type: string }>(
      `SELECT s.name || '.' || c.name AS name, c.type FROM sqlite_schema s, pragma_table_info(s.name) c
       WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%'`,
    )
    .all();
  assert.deepEqual(columns.map(({ name, type }) => `${name} ${kinds[type]}`).sort(), COPIED);
});

test('no column of PostgreSQL is left behind, but for what it alone needs', async t => {
  const place = await newPostgres(t);
  await migratePostgres(place.url);
  const kinds: Readonly<Record<string, string>> = {
    integer: 'integer',
    bigint: 'integer',
    text: 'text',
    bytea: 'bytes',
  };
  const { rows } = await (
    await connected(t, place)
  ).query<{ name: string; type: string }>(
    `SELECT table_name || '.' || column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public'`,
  );
  const columns = rows.filter(({ name }) => !POSTGRES_ONLY.has(name)).map(({ name, type }) => `${name} ${kinds[type]}`);
  assert.equal(rows.length - columns.length, POSTGRES_ONLY.size);
  assert.deepEqual(columns.sort(), COPIED);
});

test('rows are read some at a time, in the order of their numbers', async t => {
  const { file } = await filled(t, await newFile(t));
  const database = openDatabase(file, 0);
  t.after(() => database.close());
  for (const table of TABLES) {
    const numbers: number[] = [];
    for await (const batch of rowsOfSqlite(database).rows(table)) {
      assert.ok(batch.length <= 200, `${batch.length} rows of ${table.name} at once`);
      if (table.number !== undefined) numbers.push(...batch.map(([number]) => Number(number)));
    }
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
  }
});
