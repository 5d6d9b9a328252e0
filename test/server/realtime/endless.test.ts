import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { PEOPLE_NAMESPACE, SOCKET_PATH } from '../../../protocol/version.js';
import { type Backend, type BackendOptions, ORIGIN, startBackend } from '../../support/backend.js';
import { Talker } from '../../support/talker.js';
import { RawWebSocket } from '../../faults/raw-websocket.js';
import type { Scope } from '../../support/scope.js';

/** A test that waits in vain fails. */
const PATIENCE = { timeout: 120_000 };

const PING = 9;
const PONG = 10;
const CONTINUATION = 0;
const TEXT = 1;

/** Two who talk, and somebody beside them who does as no client would. */
async function setUp(t: Scope, options: BackendOptions = {}) {
  const backend = await startBackend(t, options);
  const [ann, bob] = [await Talker.enter(backend, { person: 'ann' }), await Talker.enter(backend, { person: 'bob' })];
  await ann.join('lobby');
  await bob.join('lobby');
  const eve = await enterRaw(backend);
  const peaceful = async () => {
    const seq = await ann.post('lobby', 'still here');
    await bob.hears('events', ({ events }) => events.some(event => event.seq === seq));
  };
  return { backend, eve, peaceful };
}

async function enterRaw(backend: Backend): Promise<RawWebSocket> {
  return RawWebSocket.enter(backend.url, await backend.token({ person: 'eve', forServers: true }), 'lobby');
}

/** Does it until the connection has ended; fails where it never does. */
async function untilEnded(socket: RawWebSocket, deed: (time: number) => void, times: number): Promise<void> {
  const ended = socket.hears(() => false).catch(() => 'ended');
  for (let time = 0; time < times; time += 1) deed(time);
  assert.equal(await ended, 'ended');
}

suite('what has no end ends the connection, and disturbs nobody', PATIENCE, () => {
  const beats = { beats: { perSecond: 0.1, burst: 20 } };
  const deeds: Record<string, (socket: RawWebSocket) => void> = {
    'pings of the WebSocket': socket => socket.frame(PING, Buffer.alloc(100)),
    'pongs of the WebSocket that nobody asked for': socket => socket.frame(PONG, Buffer.alloc(0)),
    'heartbeats that nobody asked for': socket => socket.text('3'),
    'CONNECTs to namespaces that there are not': socket => socket.text('40/nowhere,'),
    'CONNECTs to one that is closed': socket => socket.text('40'),
  };
  for (const [name, deed] of Object.entries(deeds)) {
    test(name, async t => {
      const { eve, peaceful } = await setUp(t, { rates: beats });
      await untilEnded(eve, () => deed(eve), 30);
      await peaceful();
    });
  }

  test('coming into the namespace and going out of it', async t => {
    const { backend, eve, peaceful } = await setUp(t);
    const token = await backend.token({ person: 'eve', forServers: true });
    await untilEnded(
      eve,
      () => {
        eve.text(`41${PEOPLE_NAMESPACE},`);
        eve.text(`40${PEOPLE_NAMESPACE},${JSON.stringify({ token, protocol: 1 })}`);
      },
      20,
    );
    await peaceful();
  });

  test('a message in pieces that never ends, and grows over the limit', async t => {
    const { eve, peaceful } = await setUp(t);
    eve.frame(TEXT, Buffer.from('42'), { final: false });
    const piece = Buffer.alloc(10_000, 'x');
    await untilEnded(eve, () => eve.frame(CONTINUATION, piece, { final: false }), 20);
    await peaceful();
  });

  test('a message in pieces that never ends, and stays small: its sender answers no heartbeat', async t => {
    const transport = { settings: { pingInterval: 50, pingTimeout: 1_000 }, open: () => undefined };
    const backend = await startBackend(t, { transport });
    const eve = await enterRaw(backend);
    eve.frame(TEXT, Buffer.from('42'), { final: false });
    await assert.rejects(eve.hears(() => false));
  });
});

suite('who says nothing', PATIENCE, () => {
  test('an upgrade that is never finished ends, and the session lives on', async t => {
    const transport = { settings: { upgradeTimeout: 50 }, open: () => undefined };
    const backend = await startBackend(t, { transport });
    const { sid } = await openPolling(backend);
    const token = await backend.token({ forServers: true });
    await post(backend, sid, `40${PEOPLE_NAMESPACE},${JSON.stringify({ token, protocol: 1 })}`);
    const upgrading = await RawWebSocket.open(backend.url, { sid });
    await assert.rejects(upgrading.hears(() => false));
    let heard = '';
    while (!heard.includes('"welcome"')) heard += await poll(backend, sid);
  });

  test('a handshake without a CONNECT ends', async t => {
    const backend = await startBackend(t, {
      transport: { settings: { connectTimeout: 50 }, open: () => undefined },
    });
    const silent = await RawWebSocket.open(backend.url);
    await assert.rejects(silent.hears(() => false));
  });
});

test('a page of the origin of the server itself may poll, though its browser sends no Origin with that', async t => {
  const backend = await startBackend(t);
  const own = backend.url;
  const acme = backend.app.sites.site('acme') ?? assert.fail();
  await backend.app.sites.putSite({ ...acme, origins: [ORIGIN, own] });
  const url = `${own}${SOCKET_PATH}/?EIO=4&transport=polling&site=acme`;
  const headers = { 'sec-fetch-site': 'same-origin' };
  const opened = await fetch(url, { headers });
  const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
  const token = await backend.token();
  const body = `40${PEOPLE_NAMESPACE},${JSON.stringify({ token, protocol: 1 })}`;
  // A POST carries its Origin, always.
  assert.equal((await fetch(`${url}&sid=${sid}`, { method: 'POST', headers: { origin: own }, body })).status, 200);
  let heard = '';
  while (!heard.includes('"welcome"')) heard += await (await fetch(`${url}&sid=${sid}`, { headers })).text();
  assert.equal((await fetch(`${url}&sid=${sid}`, { headers: { origin: ORIGIN } })).status, 403);
  assert.equal((await fetch(`${url}&sid=${sid}`, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
});

async function openPolling(backend: Backend): Promise<{ readonly sid: string }> {
  const opened = await fetch(`${backend.url}${SOCKET_PATH}/?EIO=4&transport=polling&site=acme`);
  return JSON.parse((await opened.text()).slice(1)) as { sid: string };
}

async function post(backend: Backend, sid: string, body: string): Promise<void> {
  const url = `${backend.url}${SOCKET_PATH}/?EIO=4&transport=polling&site=acme&sid=${sid}`;
  assert.equal((await fetch(url, { method: 'POST', body })).status, 200);
}

async function poll(backend: Backend, sid: string): Promise<string> {
  return (await fetch(`${backend.url}${SOCKET_PATH}/?EIO=4&transport=polling&site=acme&sid=${sid}`)).text();
}
