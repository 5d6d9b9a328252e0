import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import type { HistoryPage } from '../../../protocol/schema/http.js';
import type { Snapshot } from '../../../protocol/timeline/state.js';
import { ORIGIN, startBackend } from '../../support/backend.js';
import { ask, codeOf, fill, rawGet } from './asking.js';

suite('snapshot', () => {
  test('holds the room, for who may read it, and says when nothing is new', async t => {
    const backend = await startBackend(t);
    const ann = await fill(backend);
    const token = await backend.token({ person: 'eve', rooms: { lobby: 'viewer' } });
    const first = await ask(backend, 'acme/rooms/lobby/snapshot?protocol=2', { token });
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
    const again = await ask(backend, 'acme/rooms/lobby/snapshot?protocol=2', {
      token,
      headers: { 'if-none-match': etag },
    });
    assert.equal(again.status, 304);
    await ann.post('lobby', 'more');
    const later = await ask(backend, 'acme/rooms/lobby/snapshot?protocol=2', {
      token,
      headers: { 'if-none-match': etag },
    });
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
        const { bytes, sent } = await rawGet(`${backend.url}/v1/sites/acme/rooms/lobby/snapshot?protocol=2`, {
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
    const answer = await ask(backend, 'acme/rooms/new-room/snapshot?protocol=2', { token: await backend.token() });
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
