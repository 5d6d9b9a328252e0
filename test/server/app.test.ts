import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';

import { openSqlite } from '../../server/storage/sqlite/open-sqlite.js';
import { SECRET_KEY } from '../support/secret-key.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { newSiteKey } from '../support/tokens.js';
import { post } from '../support/commands.js';
import { loneApp } from './http/lone-app.js';
import { enterLobby } from './server-talker.js';

test('what was taken is kept and answered before anyone is sent away', async t => {
  const file = join(await temporaryFolder(t), 'chalk-talk.db');
  const storage = await openSqlite({ file, secretKey: SECRET_KEY });
  const app = await loneApp(t, { storage });
  const key = newSiteKey('acme', true);
  await app.sites.addKey(key.key);
  const ann = await enterLobby(t, app.url, key, 'ann');
  await ann.post('lobby', 'before');

  const turn = storage.turn.bind(storage);
  let begun: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const turning = new Promise<void>(resolve => (begun = resolve));
  const held = new Promise<void>(resolve => (goOn = resolve));
  t.mock.method(storage, 'turn', async (...given: Parameters<typeof turn>) => {
    begun();
    await held;
    return turn(...given);
  });
  const first = ann.post('lobby', 'in the turn');
  await turning;
  const second = ann.post('lobby', 'waiting for the next');
  // Orders are taken in order: once this one is answered, those before it are in the queue.
  await ann.ask('read', { room: 'lobby', seq: 1 });
  assert.equal(app.waitingFor, undefined);
  const closing = app.close();
  assert.equal(app.waitingFor, 'commands under way');
  const late = await ann.ask('command', {
    room: 'lobby',
    id: 'late-late-late-1',
    body: post('too late'),
  });
  assert.ok(!late.ok && late.error.code === 'unavailable' && late.error.retryAfter);
  goOn();
  assert.ok((await second) > (await first));
  assert.equal((await ann.hears('bye')).code, 'unavailable');
  await closing;
  assert.equal(app.waitingFor, undefined);
  assert.equal(app.close(), closing);
});

test('a connection that asked for another protocol, got none and stays does not keep the server', async t => {
  const app = await loneApp(t);
  const socket = connect({ port: app.port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.resume();
  socket.write('GET /elsewhere HTTP/1.1\r\nHost: chalk.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  // The server has ended its side, and nobody ends the other one.
  await once(socket, 'end');
  await app.close();
  await assert.rejects(fetch(app.url));
});
