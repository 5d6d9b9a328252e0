import assert from 'node:assert/strict';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';

import { openPostgres } from '../../../server/storage/postgres/open-postgres.js';
import { newPostgresDatabase } from '../../support/postgres-server.js';

test('what lone work has set going, and is done when it is over, is done as ever', async t => {
  const storage = await openPostgres({
    url: await newPostgresDatabase(t),
    secretKey: 'a secret key of the tests, long enough to be one',
  });
  t.after(() => storage.close());
  const later = new EventEmitter();
  let left: Promise<string> = Promise.resolve('nothing');
  await storage.alone('some work', () => {
    left = once(later, 'go').then(() => storage.siteChanges());
    return Promise.resolve();
  });
  // By then the connection that held its turn has ended.
  for (let count = 0; count < 20; count += 1) await storage.siteChanges();
  later.emit('go');
  assert.equal(await left, await storage.siteChanges());
});
