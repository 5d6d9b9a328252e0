import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { KeyRecord } from '../../../server/domain/site.js';
import { StorageError } from '../../../server/domain/storage.js';
import { Readiness } from '../../../server/readiness.js';
import { ManualClock } from '../../support/manual-clock.js';
import { loneApp } from './lone-app.js';

suite('readiness', () => {
  test('is said over HTTP, and taken back before the server closes', async t => {
    const app = await loneApp(t);
    const ready = await fetch(`${app.url}/readyz`);
    assert.equal(ready.status, 200);
    assert.equal(ready.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await ready.json(), { ready: true, serving: 'ok', storage: 'ok', cluster: 'ok' });
    app.drain();
    const closing = await fetch(`${app.url}/readyz`);
    assert.equal(closing.status, 503);
    assert.deepEqual(await closing.json(), { ready: false, serving: 'closing', storage: 'ok', cluster: 'ok' });
    assert.equal((await fetch(`${app.url}/healthz`)).status, 200);
  });

  test('ends where storage fails, or says nothing for two seconds', async () => {
    const clock = new ManualClock();
    let asked = 0;
    let answer: Promise<readonly KeyRecord[]> = Promise.resolve([]);
    const storage = { keyRecords: () => ((asked += 1), answer) };
    const readiness = new Readiness(storage, clock);
    assert.deepEqual(await readiness.report(), { ready: true, serving: 'ok', storage: 'ok', cluster: 'ok' });
    assert.equal(clock.waiting, 0);

    answer = Promise.reject(new StorageError('on purpose'));
    assert.deepEqual(await readiness.report(), { ready: false, serving: 'ok', storage: 'failed', cluster: 'ok' });

    let wake: (records: readonly KeyRecord[]) => void = () => assert.fail();
    answer = new Promise(resolve => (wake = resolve));
    asked = 0;
    const [first, second] = [readiness.report(), readiness.report()];
    clock.advance(2_000);
    for (const report of [first, second]) assert.equal((await report).storage, 'silent');
    assert.equal(asked, 1);
    wake([]);
    await answer;
    answer = Promise.resolve([]);
    assert.equal((await readiness.report()).storage, 'ok');
  });
});
