import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createEngine } from '../../../../server/storage/sqlite/create-engine.js';
import { openDatabase } from '../../../../server/storage/sqlite/database.js';
import { site } from '../contract/home.js';

test('what has ended by itself is not told any more, and goes a few at a time as others come', t => {
  const database = openDatabase(':memory:', 0);
  let now = 1_000;
  const engine = createEngine(database, 'secret', () => now);
  t.after(() => engine.close());
  engine.putSite(site('acme'));
  const revoke = (subject: string, until: number | null) =>
    engine.revoke('acme', { kind: 'token', subject, revokedAt: now, until });
  const rows = database.prepare<[], number>('SELECT count(*) FROM revocation').pluck();
  revoke('stays', null);
  for (let number = 0; number < 1_500; number += 1) revoke(`${number}`, 2_000);
  assert.equal(engine.sites().revocations.length, 1_501);
  now = 1_999;
  assert.equal(engine.sites().revocations.length, 1_501);
  now = 2_000;
  assert.deepEqual(
    engine.sites().revocations.map(({ subject }) => subject),
    ['stays'],
  );
  for (const left of [502, 3, 4]) {
    revoke(`new-${left}`, 3_000);
    assert.equal(rows.get(), left);
  }
});

test('what has ended is found without looking through what stands', t => {
  const database = openDatabase(':memory:', 0);
  t.after(() => database.close());
  const plan = database
    .prepare<[number, number], { readonly detail: string }>(
      'EXPLAIN QUERY PLAN DELETE FROM revocation WHERE until <= ? LIMIT ?',
    )
    .all(1, 1)
    .map(({ detail }) => detail);
  assert.ok(
    plan.some(detail => detail.includes('revocation_end')),
    plan.join(),
  );
  assert.ok(!plan.some(detail => detail.startsWith('SCAN')), plan.join());
});
