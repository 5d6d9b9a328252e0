import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createEngine } from '../../../../server/storage/sqlite/create-engine.js';
import { openDatabase } from '../../../../server/storage/sqlite/database.js';

/** Tables that grow with what people do. */
const LARGE = /^SCAN (room|event|message|shape|author|accepted|read_position)\b/;

/** The oldest accepted commands lie first, and a few of them are looked at. */
const FROM_THE_FIRST_ROW = /FROM accepted ORDER BY number LIMIT/;

/** What names a shape by more than its room must not look through the whole board for it. */
const NAMES_A_SHAPE = /\bshape\b.* WHERE room = \S+ AND (?!hidden = 0( |$)(?!AND))/;

test('no statement looks through a large table, nor through a board for a few of its shapes', t => {
  const database = openDatabase(':memory:', 0);
  const texts: string[] = [];
  const prepare = database.prepare.bind(database);
  const explain = (sql: string) => prepare<unknown[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  t.mock.method(database, 'prepare', (sql: string) => {
    texts.push(sql);
    return prepare(sql);
  });
  const engine = createEngine(database, 'secret', Date.now);
  t.after(() => engine.close());
  assert.ok(texts.length > 30, `${texts.length} statements`);
  for (const sql of texts) {
    const named = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, 1] as const);
    const values: unknown[] = named.length > 0 ? [Object.fromEntries(named)] : [...sql.matchAll(/\?/g)].map(() => 1);
    const plan = explain(sql).all(...values);
    for (const { detail } of plan) {
      if (LARGE.test(detail)) assert.match(sql, FROM_THE_FIRST_ROW, `${sql}: ${detail}`);
      if (NAMES_A_SHAPE.test(sql)) assert.doesNotMatch(detail, /shape USING .*\(room=\?\)$/, `${sql}: ${detail}`);
    }
  }
});
