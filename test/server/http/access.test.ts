import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ORIGIN, startBackend } from '../../support/backend.js';
import { ask, type Ask, codeOf, EVIL, fill, rawGet } from './asking.js';

suite('who may read', () => {
  for (const what of ['snapshot', 'messages?before=9']) {
    test(`${what}: a token of the site, for the room, from one of its origins`, async t => {
      const backend = await startBackend(t);
      await fill(backend);
      const refused = async (path: string, more: Ask) => codeOf(await ask(backend, `${path}/${what}`, more));
      const token = await backend.token();
      assert.equal(await refused('acme/rooms/lobby', {}), 'token_missing');
      assert.equal(await refused('acme/rooms/lobby', { token: 'hello' }), 'token_invalid');
      assert.equal(
        await refused('acme/rooms/lobby', { token: await backend.token({ lifetime: -60 }) }),
        'token_expired',
      );
      assert.equal(
        await refused('acme/rooms/lobby', { token: await backend.token({ site: 'globex' }) }),
        'token_invalid',
      );
      assert.equal(await refused('globex/rooms/lobby', { token }), 'token_invalid');
      assert.equal(await refused('initech/rooms/lobby', { token }), 'site_unknown');
      assert.equal(await refused('acme/rooms/lobby', { token, origin: EVIL }), 'origin_not_allowed');
      assert.equal(await refused('acme/rooms/lobby', { token, origin: 'null' }), 'origin_not_allowed');
      assert.equal(await refused('acme/rooms/lobby', { token, origin: null }), 'origin_missing');
      const server = await backend.token({ forServers: true });
      assert.equal(await refused('acme/rooms/lobby', { token: server, origin: null }), undefined);
      assert.equal(await refused('acme/rooms/lobby', { token: server, origin: EVIL }), 'origin_not_allowed');
    });

    test(`${what}: a room that there is and one that there is not are refused alike`, async t => {
      const backend = await startBackend(t);
      await fill(backend, 'secret');
      const token = await backend.token({ rooms: { lobby: 'member' } });
      const texts = new Set<string>();
      for (const room of ['secret', 'never', 'Lobby', 'lobby%2f..', 'lobby%00', '__proto__', 'x'.repeat(500), '%zz']) {
        const answer = await ask(backend, `acme/rooms/${room}/${what}`, { token });
        texts.add(`${answer.status} ${await answer.text()}`);
      }
      assert.deepEqual(texts.size, 1, [...texts].join('\n'));
    });
  }

  test('no path leads out of the room', async t => {
    const backend = await startBackend(t);
    const token = await backend.token();
    for (const path of [
      '/v1/sites/acme/rooms/lobby/../../../globex/rooms/lobby/snapshot',
      '/v1/sites/acme%2frooms/lobby/snapshot',
      '/V1/Sites/acme/rooms/lobby/snapshot',
      '/v1/sites/acme/rooms/%2e%2e/snapshot',
      '/v1/sites/acme/rooms/..%2f..%2fglobex%2frooms%2flobby/snapshot',
    ]) {
      const { status } = await rawGet(backend.url + path, { origin: ORIGIN, authorization: `Bearer ${token}` }, path);
      assert.ok(status === 404 || status === 403, `${path} ${status}`);
    }
  });
});

suite('CORS', () => {
  test('a preflight is answered for the origins of the site, and for no other', async t => {
    const backend = await startBackend(t);
    const headers = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
    for (const path of ['acme/rooms/lobby/snapshot', 'acme/rooms/lobby/messages', 'acme/guests']) {
      const good = await ask(backend, path, { method: 'OPTIONS', headers });
      assert.equal(good.status, 204);
      assert.equal(good.headers.get('access-control-allow-origin'), ORIGIN);
      assert.match(good.headers.get('access-control-allow-headers') ?? '', /authorization/i);
      assert.match(good.headers.get('vary') ?? '', /origin/i);
      for (const origin of [EVIL, 'null', `${ORIGIN}:443`, `${ORIGIN}.`, ORIGIN.toUpperCase()]) {
        const bad = await ask(backend, path, { method: 'OPTIONS', headers, origin });
        assert.equal(bad.status, 403);
        assert.equal(bad.headers.get('access-control-allow-origin'), null);
        assert.equal(bad.headers.get('access-control-allow-headers'), null);
      }
    }
  });

  test('a page that is not on the list may read why, and nothing else', async t => {
    const backend = await startBackend(t);
    const answer = await ask(backend, 'acme/rooms/lobby/snapshot', { origin: EVIL });
    assert.equal(answer.headers.get('access-control-allow-origin'), EVIL);
    assert.equal(await codeOf(answer), 'origin_not_allowed');
  });
});

test('what is not there is not found, in the same form', async t => {
  const backend = await startBackend(t);
  for (const path of ['/', '/v1', '/v1/', '/v1/socket', '/v1/nothing.js', '/v2/sites/acme/guests', '/admin']) {
    const answer = await fetch(backend.url + path);
    assert.equal(answer.status, 404, path);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(await codeOf(answer), 'not_found');
  }
  assert.equal(
    await codeOf(await ask(backend, 'acme/rooms/lobby/secrets', { token: await backend.token() })),
    'not_found',
  );
  const healthy = await fetch(`${backend.url}/healthz`);
  assert.deepEqual(await healthy.json(), { ok: true });
});
