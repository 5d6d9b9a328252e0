import assert from 'node:assert/strict';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { ADMIN_PATH } from '../../../protocol/schema/admin.js';
import { StorageError } from '../../../server/domain/storage.js';
import { SiteDirectory } from '../../../server/auth/site-directory.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { restoreSqlite } from '../../../server/storage/sqlite/restore.js';
import { PATIENCE, until } from '../../support/patience.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ADMIN_TOKEN, operated } from './operator.js';

/** A server on a database in a folder of the test's; `copy` stands for the copying of it. */
async function backedUp(t: TestContext, copy?: (file: string) => Promise<void>) {
  const folder = await temporaryFolder(t);
  const sqlite = await openSqlite({ file: join(folder, 'chalk-talk.db'), secretKey: SECRET_KEY });
  const storage = new Proxy(sqlite, {
    get: (target, name) => (name === 'backup' && copy ? copy : bound(target, name)),
  });
  const leftBehind = async () => (await readdir(folder)).filter(name => name.includes('backup'));
  return { ...(await operated(t, { storage })), folder, leftBehind };
}

const HEADERS = { authorization: `Bearer ${ADMIN_TOKEN}` };

test('a backup of the running server is a database that another one can run on', async t => {
  const { operator, leftBehind } = await backedUp(t);
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
  assert.deepEqual(await leftBehind(), []);
});

test('one at a time; who goes away leaves nothing behind, and the next one is made', async t => {
  // A copy that is larger than what the network holds, so that it is still being sent while nobody
  // reads.
  let going = Promise.resolve();
  let started = () => {};
  const { app, operator, leftBehind } = await backedUp(t, async file => {
    started();
    await going;
    await writeFile(file, new Uint8Array(64_000_000));
  });
  const request = get(`${app.url}${ADMIN_PATH}/backup`, { headers: HEADERS });
  request.on('error', () => undefined);
  await once(request, 'response');
  const busy = await operator.request('GET', '/backup');
  assert.equal(busy.status, 503);
  assert.ok(Number(busy.headers.get('retry-after')) > 0);
  assert.deepEqual(await leftBehind(), []);
  request.destroy();
  const next = await untilSent(() => operator.request('GET', '/backup'));
  assert.equal((await next.arrayBuffer()).byteLength, 64_000_000);

  // Gone before there is anything to send.
  let finish = () => {};
  going = new Promise(resolve => (finish = resolve));
  const copying = new Promise<'copying'>(resolve => (started = () => resolve('copying')));
  let early = request;
  // Refused while the server has not closed the one before.
  for (let came: unknown; came !== 'copying';) {
    early = get(`${app.url}${ADMIN_PATH}/backup`, { headers: HEADERS });
    early.on('error', () => undefined);
    came = await Promise.race([copying, once(early, 'response')]);
  }
  assert.equal((await operator.request('GET', '/backup')).status, 503);
  early.destroy();
  await until(
    PATIENCE,
    async () => (await leftBehind()).length === 0,
    () => 'a copy that nobody waits for is left behind',
  );
  finish();
  going = Promise.resolve();
  const last = await untilSent(() => operator.request('GET', '/backup'));
  await last.body?.cancel();
  assert.deepEqual(await leftBehind(), []);
});

test('a copy is made beside the database; what a killed server left there is removed at the next start', async t => {
  const copies: string[] = [];
  const { operator, folder } = await backedUp(t, async file => {
    copies.push(file);
    await writeFile(file, 'a copy');
  });
  assert.equal(await (await operator.request('GET', '/backup')).text(), 'a copy');
  const [copy = ''] = copies;
  assert.equal(dirname(dirname(copy)), folder);
  const other = await temporaryFolder(t);
  const left = basename(dirname(copy));
  for (const name of [left, `.other${left}`]) {
    await mkdir(join(other, name));
    await writeFile(join(other, name, 'copy.db'), '');
  }
  const storage = await openSqlite({ file: join(other, 'chalk-talk.db'), secretKey: SECRET_KEY });
  t.after(() => storage.close());
  assert.deepEqual(
    (await readdir(other)).filter(name => name.includes('backup')),
    [`.other${left}`],
  );
});

test('a copy that nobody waits for loses its file at once', async t => {
  let started = (_file: string) => {};
  const copying = new Promise<string>(resolve => (started = resolve));
  let finish = () => {};
  const { app, leftBehind } = await backedUp(t, async file => {
    await writeFile(file, '');
    started(file);
    await new Promise<void>(resolve => (finish = resolve));
  });
  const request = get(`${app.url}${ADMIN_PATH}/backup`, { headers: HEADERS });
  request.on('error', () => undefined);
  const file = await copying;
  const watcher = watch(dirname(file));
  t.after(() => watcher.close());
  const gone = once(watcher, 'change');
  request.destroy();
  await gone;
  await until(
    PATIENCE,
    async () => (await leftBehind()).length === 0,
    () => 'a copy that nobody waits for is left behind',
  );
  finish();
});

test('while a copy is sent, who stops reading is not waited for longer than anybody else', async t => {
  const timeouts: number[] = [];
  const { app } = await backedUp(t, file => writeFile(file, new Uint8Array(64_000_000)));
  const setTimeoutOf = Socket.prototype.setTimeout.bind(Socket.prototype);
  t.mock.method(Socket.prototype, 'setTimeout', function (this: Socket, timeout: number, done?: () => void) {
    if (this.localPort === app.port) timeouts.push(timeout);
    return setTimeoutOf.call(this, timeout, done);
  });
  const request = get(`${app.url}${ADMIN_PATH}/backup`, { headers: HEADERS });
  request.on('error', () => undefined);
  await once(request, 'response');
  request.destroy();
  assert.ok(timeouts.includes(3_600_000));
  assert.ok((timeouts.at(-1) ?? 0) <= 60_000);
});

test('why there is no backup is said', async t => {
  const { operator } = await backedUp(t, () =>
    Promise.reject(new StorageError("The backup can't be written: ENOSPC: no space left on device, write")),
  );
  const { code, message } = await operator.isRefused('GET', '/backup');
  assert.equal(code, 'unavailable');
  assert.match(message, /ENOSPC/);
});

test('whether there is a backup is told without making one', async t => {
  const copies: string[] = [];
  const { operator } = await backedUp(t, async file => void copies.push(file));
  const { status, headers } = await operator.request('HEAD', '/backup');
  assert.deepEqual([status, headers.get('content-type'), copies], [200, 'application/vnd.sqlite3', []]);
});

function bound(target: object, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name);
  return typeof member === 'function' ? (member.bind(target) as unknown) : member;
}

async function untilSent(ask: () => Promise<Response>): Promise<Response> {
  let response = await ask();
  await until(
    PATIENCE,
    async () => {
      if (response.ok) return true;
      await response.text();
      response = await ask();
      return response.ok;
    },
    () => `still ${response.status}`,
  );
  return response;
}
