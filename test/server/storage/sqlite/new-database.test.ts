import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { newDatabase } from '../../../../server/storage/sqlite/new-database.js';

test('what is prepared is not collected while its database is there', async () => {
  const database = newDatabase(':memory:');
  const prepared = new WeakRef(database.prepare('SELECT 1'));
  const other = new WeakRef({});
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(typeof collect === 'function');
  // A WeakRef is not looked at anew before its own turn of the event loop is over.
  await new Promise(setImmediate);
  Reflect.apply(collect, undefined, []);
  assert.equal(other.deref(), undefined, 'garbage was collected');
  assert.ok(prepared.deref());
  assert.equal(database.pragma('user_version', { simple: true }), 0);
  database.close();
});
