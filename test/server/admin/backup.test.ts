import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { ADMIN_PATH } from '../../../protocol/schema/admin.js';
import { SiteDirectory } from '../../../server/auth/site-directory.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { restoreSqlite } from '../../../server/storage/sqlite/restore.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ADMIN_TOKEN, operated } from './operator.js';

const SECRET_KEY = 'a secret key of the tests, long enough to be one';
const leftBehind = async () => (await readdir(tmpdir())).filter(name => name.startsWith('chalk-talk-backup-'));

test('a backup of the running server is a database that another one can run on', async t => {
  const { operator } = await operated(t);
  const before = await leftBehind();
  await operator.does('POST', '/sites/acme/keys', { kid: 'first' });
  const response = await operator.request('GET', '/backup');
  assert.equal(response.status, 200);
  const folder = await temporaryFolder(t);
  const [from, file] = [join(folder, 'backup.db'), join(folder, 'data', 'chalk-talk.db')];
  await writeFile(from, new Uint8Array(await response.arrayBuffer()));
  await mkdir(join(folder, 'data'));
  await restoreSqlite({ from, file, secretKey: SECRET_KEY });
  const storage = await openSqlite({ file, secretKey: SECRET_KEY });
  t.after(() => storage.close());
  assert.ok((await SiteDirectory.load(storage)).key('acme', 'first'));
  assert.deepEqual(await leftBehind(), before);
});

test('one at a time; who goes away leaves nothing behind, and the next one is made', async t => {
  const folder = await temporaryFolder(t);
  const storage = await openSqlite({ file: join(folder, 'chalk-talk.db'), secretKey: SECRET_KEY });
  // A copy that is larger than what the network holds, so that it is still being sent while nobody reads.
  let going = Promise.resolve();
  const slow = new Proxy(storage, {
    get: (target, name) =>
      name === 'backup'
        ? (file: string) => going.then(() => writeFile(file, new Uint8Array(64_000_000)))
        : bound(target, name),
  });
  const { app, operator } = await operated(t, { storage: slow });
  const before = await leftBehind();
  const request = get(`${app.url}${ADMIN_PATH}/backup`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  request.on('error', () => undefined);
  await once(request, 'response');
  const busy = await operator.request('GET', '/backup');
  assert.equal(busy.status, 503);
  assert.ok(Number(busy.headers.get('retry-after')) > 0);
  assert.deepEqual(await leftBehind(), before);
  request.destroy();
  const next = await untilSent(() => operator.request('GET', '/backup'));
  assert.equal((await next.arrayBuffer()).byteLength, 64_000_000);

  // Gone before there is anything to send.
  let finish = () => {};
  going = new Promise(resolve => (finish = resolve));
  const early = get(`${app.url}${ADMIN_PATH}/backup`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  early.on('error', () => undefined);
  await once(early, 'finish');
  await untilRefused(() => operator.request('GET', '/backup'));
  const gone = new Promise(resolve => early.once('close', resolve));
  early.destroy();
  await gone;
  finish();
  going = Promise.resolve();
  const last = await untilSent(() => operator.request('GET', '/backup'));
  await last.body?.cancel();
  assert.deepEqual(await leftBehind(), before);
});

function bound(target: object, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name);
  return typeof member === 'function' ? (member.bind(target) as unknown) : member;
}

async function untilSent(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const response = await ask();
    if (response.ok) return response;
    await response.text();
  }
}

async function untilRefused(ask: () => Promise<Response>): Promise<void> {
  const response = await ask();
  assert.equal(response.status, 503);
  await response.text();
}
