import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { request as httpRequest } from 'node:http';

import { io } from 'socket.io-client';

import { LIMITS } from '../../../protocol/limits.js';
import { PEOPLE_NAMESPACE, SOCKET_PATH } from '../../../protocol/version.js';
import { type Backend, type ConnectRequest, ORIGIN, startBackend } from '../../support/backend.js';
import { codeOf, Talker } from '../../support/talker.js';
import { newSiteKey, signToken } from '../../support/tokens.js';
import { rawGet } from '../http/asking.js';
import { post } from '../../support/commands.js';

async function refusalOf(backend: Backend, request: ConnectRequest): Promise<string | undefined> {
  return (await new Talker(backend.connect(request)).refused())?.code;
}

suite('a token opens one site, its own rooms, from its own origins', () => {
  test('at another site it is nothing', async t => {
    const backend = await startBackend(t);
    const token = await backend.token({ site: 'acme' });
    assert.equal(await refusalOf(backend, { site: 'globex', token }), 'token_invalid');
  });

  test('at no site it is nothing: the handshake fails', async t => {
    const backend = await startBackend(t);
    const token = await backend.token({ site: 'acme' });
    for (const site of ['initech', '', 'ACME', '__proto__', 'acme/lobby']) {
      for (const transport of ['websocket', 'polling'] as const) {
        assert.equal(await refusalOf(backend, { site, token, transports: [transport] }), undefined, site);
      }
    }
  });

  test('a room that it does not name is forbidden, whether there is such a room or not', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend, { person: 'ann', rooms: { 'algebra-*': 'member' } });
    const bob = await Talker.enter(backend, { person: 'bob' });
    await bob.join('lobby');
    await bob.post('lobby', 'hello');
    const forbidden = await ann.ask('join', { room: 'lobby' });
    assert.equal(codeOf(forbidden), 'room_forbidden');
    assert.deepEqual(await ann.ask('join', { room: 'never-there' }), forbidden);
    await ann.join('algebra-1');
  });

  test('without joining nothing can be ordered, whatever the token names', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend);
    const room = 'lobby';
    const body = post('x');
    assert.equal(codeOf(await ann.ask('command', { room, id: 'a'.repeat(16), body })), 'not_joined');
    assert.equal(codeOf(await ann.ask('read', { room, seq: 1 })), 'not_joined');
    assert.equal(codeOf(await ann.ask('catchup', { room, after: { epoch: 'x', seq: 0 } })), 'not_joined');
  });
});

suite('Origin', () => {
  for (const transport of ['websocket', 'polling'] as const) {
    test(`a foreign one gets no connection over ${transport}`, async t => {
      const backend = await startBackend(t);
      const token = await backend.token();
      for (const origin of [
        'https://evil.example',
        'null',
        `${ORIGIN}.evil.example`,
        ORIGIN.replace('https', 'http'),
      ]) {
        assert.equal(await refusalOf(backend, { token, origin, transports: [transport] }), undefined, origin);
      }
    });
  }

  test('without one a token needs a key that is marked for servers', async t => {
    const backend = await startBackend(t);
    for (const transport of ['websocket', 'polling'] as const) {
      const request = { origin: null, transports: [transport] };
      assert.equal(await refusalOf(backend, { ...request, token: await backend.token() }), 'origin_missing');
      await Talker.enter(backend, { ...request, forServers: true });
    }
    assert.equal(
      await refusalOf(backend, { origin: 'https://evil.example', token: await backend.token({ forServers: true }) }),
      undefined,
    );
  });

  test('is judged at every poll and preflight, and another one cannot use a session', async t => {
    const backend = await startBackend(t);
    const url = `${backend.url}${SOCKET_PATH}/?EIO=4&transport=polling&site=acme`;
    const at = (address: string, origin: string, init: RequestInit = {}) =>
      fetch(address, { ...init, headers: { origin } });

    const opened = await at(url, ORIGIN);
    assert.equal(opened.status, 200);
    assert.equal(opened.headers.get('access-control-allow-origin'), ORIGIN);
    assert.match(opened.headers.get('vary') ?? '', /Origin/);
    assert.equal(opened.headers.get('access-control-allow-credentials'), null);
    const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };

    await backend.app.sites.putSite({
      ...(backend.app.sites.site('globex') ?? assert.fail()),
      origins: ['https://other.example'],
    });
    assert.equal((await at(`${url}&sid=${sid}`, 'https://evil.example', { method: 'POST', body: '40' })).status, 403);
    const foreign = url.replace('site=acme', 'site=globex');
    assert.equal((await at(`${foreign}&sid=${sid}`, 'https://other.example')).status, 403);
    // Nor where it is said in another way than a client of ours says it.
    for (const query of [`sid=x&sid=${sid}`, `si%64=${sid}`, `sid=${sid}#`, `sid=${sid}%23&sid=${sid}`]) {
      const path = `${foreign}&${query}`.slice(backend.url.length);
      assert.equal((await rawGet(backend.url, { origin: 'https://other.example' }, path)).status, 403, query);
    }
    assert.equal((await at(`${url}&sid=${sid}`, ORIGIN, { method: 'POST', body: '40' })).status, 200);

    const preflight = await at(url, ORIGIN, { method: 'OPTIONS' });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), ORIGIN);
    const refused = await at(url, 'https://evil.example', { method: 'OPTIONS' });
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
  });

  test('an upgrade with a session of another origin fails', async t => {
    const backend = await startBackend(t);
    const url = `${backend.url}${SOCKET_PATH}/?EIO=4&transport=polling&site=acme`;
    const opened = await fetch(url, { headers: { origin: ORIGIN } });
    const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
    const upgrade = (origin: string) => fetchUpgrade(`${url.replace('polling', 'websocket')}&sid=${sid}`, origin);
    assert.equal(await upgrade('https://evil.example'), 400);
    assert.equal(await upgrade(ORIGIN), 101);
  });

  test('one that is taken off the list is out at once', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend);
    const acme = backend.app.sites.site('acme') ?? assert.fail();
    await backend.app.sites.putSite({ ...acme, origins: [] });
    assert.equal((await ann.hears('bye')).code, 'origin_not_allowed');
    await ann.ended();
  });
});

test('each fault of a CONNECT has its code', async t => {
  const backend = await startBackend(t);
  const token = await backend.token();
  assert.equal(await refusalOf(backend, {}), 'token_missing');
  assert.equal(await refusalOf(backend, { token: '' }), 'token_missing');
  assert.equal(await refusalOf(backend, { token: 'hello' }), 'token_invalid');
  assert.equal(await refusalOf(backend, { token: 'x'.repeat(9_000) }), 'token_invalid');
  assert.equal(await refusalOf(backend, { token, protocol: 0 }), 'protocol_unsupported');
  assert.equal(await refusalOf(backend, { token, protocol: 0.5 }), 'protocol_unsupported');
  assert.equal(await refusalOf(backend, { token: await backend.token({ lifetime: -60 }) }), 'token_expired');
  assert.equal(
    await refusalOf(backend, { token: await signToken(newSiteKey('acme'), { person: 'eve' }) }),
    'token_invalid',
  );
});

test('other namespaces are closed to everyone', async t => {
  const backend = await startBackend(t);
  const auth = { token: await backend.token(), protocol: 1 };
  for (const namespace of ['/', '/v2', `${PEOPLE_NAMESPACE}-site`]) {
    const talker = new Talker(
      io(backend.url + namespace, {
        path: SOCKET_PATH,
        query: { site: 'acme' },
        auth,
        transports: ['websocket'],
        extraHeaders: { origin: ORIGIN },
        reconnection: false,
        forceNew: true,
      }),
    );
    assert.equal((await talker.refused())?.code, namespace === '/' ? 'not_found' : undefined);
    talker.socket.disconnect();
  }
});

test('a site has no more connections than its limit', async t => {
  const backend = await startBackend(t, { limits: { connections: 2 } });
  // Another node is told a moment later: see limits-on-nodes.test.ts.
  await Talker.enter(backend, { node: 0 });
  await Talker.enter(backend, { node: 0 });
  assert.equal(await refusalOf(backend, { token: await backend.token(), node: 0 }), 'too_many_connections');
  await Talker.enter(backend, { site: 'globex' });
});

/** Asks for a WebSocket; the status of the answer, 101 where it is one. */
function fetchUpgrade(url: string, origin: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      origin,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    };
    const request = httpRequest(url, { headers });
    request.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    request.once('response', response => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('error', reject);
    request.end();
  });
}

test('one person can not take all the places of a site', async t => {
  const backend = await startBackend(t);
  const token = await backend.token({ person: 'ann' });
  for (let count = 0; count < LIMITS.connectionsPerPerson; count += 1) {
    await connected(backend, token);
  }
  assert.equal(await refusalOf(backend, { token, node: 0 }), 'too_many_connections');
  await connected(backend, await backend.token({ person: 'ben' }));
});

function connected(backend: Backend, token: string): Promise<void> {
  return new Promise(resolve => backend.connect({ token, node: 0 }).once('connect', resolve));
}
