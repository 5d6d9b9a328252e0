import assert from 'node:assert/strict';
import { test } from 'node:test';

import { migrate } from '../../../../server/storage/sqlite/migrations/index.js';
import { newDatabase } from '../../../../server/storage/sqlite/database.js';

test('migrations run in order, each once', () => {
  const database = newDatabase(':memory:');
  const steps = [
    'CREATE TABLE step (name TEXT)',
    "INSERT INTO step VALUES ('second')",
    "INSERT INTO step VALUES ('third')",
  ];
  const names = () => database.prepare<[], string>('SELECT name FROM step').pluck().all();
  migrate(database, steps.slice(0, 2));
  assert.deepEqual(names(), ['second']);
  migrate(database, steps);
  migrate(database, steps);
  assert.deepEqual(names(), ['second', 'third']);
  database.close();
});

test('a step that fails leaves the database as it was before that step', () => {
  const database = newDatabase(':memory:');
  const good = 'CREATE TABLE good (name TEXT)';
  assert.throws(() => migrate(database, [good, 'CREATE TABLE half (name TEXT); SELECT no_such_thing()']));
  const tables = database.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all();
  assert.deepEqual(tables, ['good']);
  assert.equal(database.pragma('user_version', { simple: true }), 1);
  database.close();
});
