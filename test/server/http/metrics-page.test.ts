import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';

import { ADMIN_PATH } from '../../../protocol/schema/admin.js';
import { StorageError } from '../../../server/domain/storage.js';
import { Metrics } from '../../../server/metrics/metrics.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { codeOf } from './asking.js';
import { loneApp } from './lone-app.js';

const ADMIN_TOKEN = 'the token of the operator, long enough'.replaceAll(' ', '-');
const PATHS = ['/metrics', `${ADMIN_PATH}/status`];

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

suite("what is the operator's alone", () => {
  for (const path of PATHS) {
    test(`${path} is for who has the token`, async t => {
      const metrics = new Metrics();
      const app = await loneApp(t, { adminToken: ADMIN_TOKEN, metrics });
      const url = app.url + path;
      assert.equal((await fetch(url, bearer(ADMIN_TOKEN))).status, 200);
      const refused = [undefined, bearer(''), bearer(`${ADMIN_TOKEN}x`), bearer(ADMIN_TOKEN.slice(1))];
      for (const request of refused) {
        const answer = await fetch(url, request);
        assert.equal(answer.status, 401);
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
        assert.equal(await codeOf(answer), 'admin_token_invalid');
      }
      const of = path === '/metrics' ? 'http' : 'admin';
      const { body } = await metrics.render();
      assert.match(body, new RegExp(`refusals_total\\{code="admin_token_invalid",of="${of}"\\} 4`));
      assert.ok(body.includes(`route="${path}",status="200"`), body);
    });

    test(`${path} is not there where the operator has no token`, async t => {
      const app = await loneApp(t);
      for (const token of ['', 'undefined', ADMIN_TOKEN]) {
        assert.equal(await codeOf(await fetch(app.url + path, bearer(token))), 'not_found');
      }
    });
  }
});

test('/metrics has a token of its own, if the operator wants, which is good for nothing else', async t => {
  const metricsToken = 'the token of whoever collects metrics'.replaceAll(' ', '-');
  const both = await loneApp(t, { adminToken: ADMIN_TOKEN, metricsToken });
  const statuses = (url: string, token: string) =>
    Promise.all(PATHS.map(async path => (await fetch(url + path, bearer(token))).status));
  assert.deepEqual(await statuses(both.url, metricsToken), [200, 401]);
  assert.deepEqual(await statuses(both.url, ADMIN_TOKEN), [200, 200]);
  assert.deepEqual(await statuses(both.url, 'another'), [401, 401]);
  const alone = await loneApp(t, { metricsToken });
  assert.deepEqual(await statuses(alone.url, metricsToken), [200, 404]);
  assert.deepEqual(await statuses(alone.url, ''), [401, 404]);
});

test('metrics tell what the server does, in the format of Prometheus', async t => {
  const app = await loneApp(t, { adminToken: ADMIN_TOKEN, metrics: new Metrics({ ofProcess: true }) });
  const answer = await fetch(`${app.url}/metrics`, bearer(ADMIN_TOKEN));
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const body = await answer.text();
  for (const name of [
    'process_resident_memory_bytes',
    'chalk_talk_rooms{state="resident"} 0',
    'chalk_talk_commands_waiting 0',
  ]) {
    assert.ok(body.includes(name), name);
  }
});

test('the status says where pages reach the server, and whether it should be sent people', async t => {
  const app = await loneApp(t, { adminToken: ADMIN_TOKEN, publicUrl: 'https://chalk.example.com' });
  const status = async () => {
    const answer = await fetch(`${app.url}${ADMIN_PATH}/status`, bearer(ADMIN_TOKEN));
    const { uptime, ...rest } = (await answer.json()) as Record<string, unknown>;
    assert.ok(Number(uptime) >= 0);
    return rest;
  };
  const expected = { version: '0.0.0', publicUrl: 'https://chalk.example.com', ready: true, sites: 1, connections: 0 };
  assert.deepEqual(await status(), expected);
  app.drain();
  assert.deepEqual(await status(), { ...expected, ready: false });
});

test('the status asks storage, whether or not anybody asked before', async t => {
  const app = await loneApp(t, { adminToken: ADMIN_TOKEN, storage: await brokenStorage(t) });
  const answer = await fetch(`${app.url}${ADMIN_PATH}/status`, bearer(ADMIN_TOKEN));
  assert.equal(((await answer.json()) as { ready: boolean }).ready, false);
});

/** A storage that from its opening on can't tell what keys a site has. */
async function brokenStorage(t: TestContext) {
  const file = join(await temporaryFolder(t), 'chalk-talk.db');
  const storage = await openSqlite({ file, secretKey: SECRET_KEY });
  t.mock.method(storage, 'keyRecords', () => Promise.reject(new StorageError('on purpose')));
  return storage;
}
