import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import type { Refusal } from '../../../protocol/errors.js';
import { ADMIN_PATH } from '../../../protocol/schema/admin.js';
import { createLog } from '../../../server/log.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { PATIENCE, until } from '../../support/patience.js';
import { signToken, newSiteKey } from '../../support/tokens.js';
import { loneApp } from '../http/lone-app.js';
import { enterLobby } from '../server-talker.js';
import { post } from '../../support/commands.js';
import { fullDisk } from './failing-disk.js';

const ADMIN_TOKEN = 'a'.repeat(32);

test('while nothing can be kept everyone is told so, each in their own words, and nobody is told of what was not kept', async t => {
  const disk = await fullDisk(t);
  t.diagnostic(disk.means);
  const secretKey = 'a secret key of the tests, long enough to be one';
  const storage = await openSqlite({ file: join(disk.folder, 'chalk-talk.db'), secretKey });
  const lines: string[] = [];
  const log = createLog('info', { write: line => void lines.push(line) });
  const app = await loneApp(t, { storage, secretKey, adminToken: ADMIN_TOKEN, log });
  const key = newSiteKey('acme', true);
  await app.sites.addKey(key.key);
  const [ann, bo] = [await enterLobby(t, app.url, key, 'ann'), await enterLobby(t, app.url, key, 'bo')];
  await ann.post('lobby', 'before');
  await bo.hears('events');

  disk.fail();
  const body = post('meanwhile');
  const order = { room: 'lobby', id: newCommandId(), body };
  for (let times = 0; times < 5; times += 1) {
    const answer = await ann.ask('command', order);
    assert.ok(!answer.ok);
    assert.equal(answer.error.code, 'unavailable');
    assert.ok((answer.error.retryAfter ?? 0) >= 1_000);
  }
  const read = await ann.ask('read', { room: 'lobby', seq: 1 });
  assert.ok(!read.ok && read.error.code === 'unavailable' && read.error.retryAfter === 2_000);
  // No file is named to people.
  assert.doesNotMatch(read.error.message, /chalk-talk\.db/);

  const admin = await fetch(`${app.url}${ADMIN_PATH}/sites`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'zeta' }),
  });
  assert.equal(admin.status, 503);
  assert.equal(admin.headers.get('retry-after'), '2');
  const { error } = (await admin.json()) as { error: Refusal };
  assert.equal(error.code, 'unavailable');
  assert.match(error.message, disk.fault === 'full' ? /disk is full.*chalk-talk\.db/ : /disk fails.*chalk-talk\.db/);

  const headers = { authorization: `Bearer ${await signToken(key, { person: 'ann' })}` };
  for (const path of ['snapshot', 'messages?before=9']) {
    assert.equal((await fetch(`${app.url}/v1/sites/acme/rooms/lobby/${path}`, { headers })).status, 200);
  }
  const { head } = await bo.join('lobby');
  const tail = await bo.ask('catchup', { room: 'lobby', after: { epoch: head.epoch, seq: 0 } });
  assert.ok(tail.ok && !tail.reset);
  assert.ok(!tail.events.some(({ command }) => command === order.id), 'nobody is told of it');
  assert.equal((await fetch(`${app.url}/readyz`)).status, 503);
  assert.equal(lines.filter(line => line.includes('"level":50')).length, 1, 'the log says it once');

  disk.recover();
  // As a client does: again and again, with the same id.
  await until(
    PATIENCE,
    async () => (await ann.ask('command', order)).ok,
    () => 'it is never kept',
  );
  await bo.hears('events', ({ events }) => events.some(({ command }) => command === order.id));
  assert.equal((await fetch(`${app.url}/readyz`)).status, 200);
});
