import assert from 'node:assert/strict';
import { request } from 'node:http';
import { suite, test } from 'node:test';

import type { RefusalCode } from '../../../protocol/errors.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { HistoryPage } from '../../../protocol/schema/http.js';
import type { Snapshot } from '../../../protocol/timeline/state.js';
import { type Backend, ORIGIN, startBackend } from '../../support/backend.js';
import { Talker } from '../../support/talker.js';

const EVIL = 'https://evil.example';

interface Ask {
  readonly origin?: string | null;
  readonly token?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function ask(backend: Backend, path: string, { origin = ORIGIN, token, method = 'GET', headers, body }: Ask = {}) {
  return fetch(`${backend.url}/v1/sites/${path}`, {
    method,
    headers: {
      ...(origin !== null && { origin }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
}

async function codeOf(answer: Response): Promise<RefusalCode | undefined> {
  if (answer.ok) return undefined;
  const { error } = (await answer.json()) as { error: { code: RefusalCode; message: string } };
  assert.ok(error.message);
  return error.code;
}

const askGuest = (backend: Backend, wish: unknown, more: Ask = {}) =>
  ask(backend, 'acme/guests', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof wish === 'string' ? wish : JSON.stringify(wish),
    ...more,
  });

/** A room with something in it. */
async function fill(backend: Backend, room = 'lobby'): Promise<Talker> {
  const ann = await Talker.enter(backend, { person: 'ann', name: 'Ann' });
  await ann.join(room);
  await ann.post(room, 'hello');
  await ann.draw(room);
  return ann;
}

suite('snapshot', () => {
  test('holds the room, for who may read it, and says when nothing is new', async t => {
    const backend = await startBackend(t);
    const ann = await fill(backend);
    const token = await backend.token({ person: 'eve', rooms: { lobby: 'viewer' } });
    const first = await ask(backend, 'acme/rooms/lobby/snapshot', { token });
    assert.equal(first.status, 200);
    assert.equal(first.headers.get('cache-control'), 'private, no-cache');
    assert.equal(first.headers.get('access-control-allow-origin'), ORIGIN);
    assert.equal(first.headers.get('access-control-allow-credentials'), null);
    assert.match(first.headers.get('content-type') ?? '', /^application\/json/);
    const snapshot = (await first.json()) as Snapshot;
    assert.deepEqual(
      snapshot.messages.map(({ text }) => text),
      ['hello'],
    );
    assert.equal(snapshot.shapes.length, 1);

    const etag = first.headers.get('etag') ?? assert.fail();
    const again = await ask(backend, 'acme/rooms/lobby/snapshot', { token, headers: { 'if-none-match': etag } });
    assert.equal(again.status, 304);
    await ann.post('lobby', 'more');
    const later = await ask(backend, 'acme/rooms/lobby/snapshot', { token, headers: { 'if-none-match': etag } });
    assert.equal(later.status, 200);
    assert.equal(((await later.json()) as Snapshot).messages.length, 2);
  });

  test('is as small as the browser can take it', async t => {
    const backend = await startBackend(t);
    const ann = await fill(backend);
    for (let index = 0; index < 40; index += 1) await ann.post('lobby', 'the same again and again');
    const token = await backend.token();
    const sizes = new Map<string, number>();
    for (const encoding of ['br', 'gzip', 'identity']) {
      for (const _ of ['made', 'remembered']) {
        const { bytes, sent } = await rawGet(`${backend.url}/v1/sites/acme/rooms/lobby/snapshot`, {
          origin: ORIGIN,
          authorization: `Bearer ${token}`,
          'accept-encoding': encoding,
        });
        assert.equal(sent, encoding === 'identity' ? undefined : encoding);
        sizes.set(encoding, bytes);
      }
    }
    const [br = 0, gzip = 0, plain = 0] = sizes.values();
    assert.ok(br < plain / 4 && gzip < plain / 4, `${br} ${gzip} ${plain}`);
  });

  test('of an empty room is empty', async t => {
    const backend = await startBackend(t);
    const answer = await ask(backend, 'acme/rooms/new-room/snapshot', { token: await backend.token() });
    const { seq, messages, shapes } = (await answer.json()) as Snapshot;
    assert.deepEqual({ seq, messages, shapes }, { seq: 0, messages: [], shapes: [] });
  });
});

test('history is read page by page, backwards', async t => {
  const backend = await startBackend(t);
  const ann = await fill(backend);
  for (let index = 0; index < LIMITS.messagesPerPage + 4; index += 1) await ann.post('lobby', `m${index}`);
  const token = await backend.token();
  const page = async (before: number) =>
    (await (await ask(backend, `acme/rooms/lobby/messages?before=${before}`, { token })).json()) as HistoryPage;
  const last = await page(1_000_000);
  assert.equal(last.messages.length, LIMITS.messagesPerPage);
  assert.equal(last.messages.at(-1)?.text, 'm53');
  assert.equal(last.more, true);
  const first = await page(last.messages[0]?.seq ?? 0);
  assert.deepEqual(
    first.messages.map(({ text }) => text),
    ['hello', 'm0', 'm1', 'm2', 'm3'],
  );
  assert.equal(first.more, false);
  assert.deepEqual(
    first.people.map(([, { name }]) => name),
    ['Ann'],
  );
  for (const before of ['', 'x', '-1', '1.5', '1e9', '9'.repeat(400), '1&before=2']) {
    assert.equal(
      await codeOf(await ask(backend, `acme/rooms/lobby/messages?before=${before}`, { token })),
      'invalid_input',
    );
  }
});

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

suite('guests', () => {
  test('are let into the rooms that the site lists, as the same person again', async t => {
    const backend = await startBackend(t);
    const answer = await askGuest(backend, { name: ' Zoe\u202e ', room: 'open-lobby' });
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const { token } = (await answer.json()) as { token: string };
    const zoe = new Talker(backend.connect({ token }));
    await zoe.hears('welcome');
    const { you, role } = await zoe.join('open-lobby');
    assert.equal(role, 'member');
    assert.equal(you.person.name, 'Zoe');
    assert.equal(you.person.guest, true);
    const next = (await (await askGuest(backend, { name: 'Zoë', room: 'open-lobby', previous: token })).json()) as {
      token: string;
    };
    const again = new Talker(backend.connect({ token: next.token }));
    await again.hears('welcome');
    assert.deepEqual((await again.join('open-lobby')).you.person, { ...you.person, name: 'Zoë' });
    assert.equal((await again.ask('join', { room: 'lobby' })).ok, false);
    assert.equal((await new Talker(backend.connect({ site: 'globex', token })).refused())?.code, 'token_invalid');
  });

  test('are not let in elsewhere, from elsewhere, or without a name', async t => {
    const backend = await startBackend(t);
    const wish = { name: 'Zoe', room: 'open-lobby' };
    const refused = async (asked: unknown, more: Ask = {}) => codeOf(await askGuest(backend, asked, more));
    assert.equal(await refused({ ...wish, room: 'lobby' }), 'guests_not_allowed');
    assert.equal(await refused(wish, { origin: EVIL }), 'origin_not_allowed');
    assert.equal(await refused(wish, { origin: null }), 'origin_missing');
    assert.equal(await refused({ ...wish, name: '\u200b' }), 'invalid_input');
    assert.equal(await refused({ ...wish, name: '' }), 'invalid_input');
    assert.equal(await refused({ ...wish, room: '../x' }), 'invalid_input');
    assert.equal(await refused({ ...wish, role: 'moderator' }), 'invalid_input');
    assert.equal(await refused('{"name":'), 'invalid_input');
    assert.equal(await refused('[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]'), 'invalid_input');
    assert.equal(await refused(wish, { headers: { 'content-type': 'text/plain' } }), 'invalid_input');
    assert.equal(await refused({ ...wish, name: 'x'.repeat(20_000) }), 'too_large');
    const acme = backend.app.sites.site('acme') ?? assert.fail();
    await backend.app.sites.putSite({ ...acme, guests: {} });
    assert.equal(await refused(wish), 'guests_not_allowed');
  });

  test('come at a rate', async t => {
    const backend = await startBackend(t, { rates: { guests: { perSecond: 0.1, burst: 1 } } });
    const wish = { name: 'Zoe', room: 'open-lobby' };
    assert.equal(await codeOf(await askGuest(backend, wish)), undefined);
    const answer = await askGuest(backend, wish);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    assert.equal(await codeOf(answer), 'rate_limited');
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

/** Without what `fetch` does on its own: paths are sent as they are, encodings stay. */
function rawGet(
  url: string,
  headers: Record<string, string>,
  path?: string,
): Promise<{ status: number; bytes: number; sent: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, ...(path !== undefined && { path }) }, answer => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, bytes, sent: answer.headers['content-encoding'] }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}
