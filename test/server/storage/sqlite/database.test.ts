import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { newDatabase } from '../../../../server/storage/sqlite/database.js';

/** The only symbol that better-sqlite3's object has names the native one. */
function nativeOf(database: object): object {
  const [symbol] = Object.getOwnPropertySymbols(database);
  const native: unknown = symbol && Reflect.get(database, symbol);
  assert.ok(typeof native === 'object' && native !== null);
  return native;
}

/** Opens and closes two databases, one without statements: nobody here holds them afterwards. */
function used() {
  const [database, unused] = [newDatabase(':memory:'), newDatabase(':memory:')];
  const prepared = database.prepare('SELECT 1');
  const walked = prepared.iterate();
  assert.deepEqual([...walked], [{ 1: 1 }]);
  const refs = {
    native: new WeakRef(nativeOf(unused)),
    prepared: new WeakRef(prepared),
    walked: new WeakRef(walked),
    other: new WeakRef({}),
  };
  database.close();
  unused.close();
  return refs;
}

test('neither a closed database nor what it prepared, nor what that was walked through with, is collected while its thread is there', async () => {
  const { native, prepared, walked, other } = used();
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(typeof collect === 'function');
  // A WeakRef is not looked at anew before its own turn of the event loop is over.
  await new Promise(setImmediate);
  Reflect.apply(collect, undefined, []);
  assert.equal(other.deref(), undefined, 'garbage was collected');
  assert.ok(native.deref());
  assert.ok(prepared.deref());
  assert.ok(walked.deref());
});
