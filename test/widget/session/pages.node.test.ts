/**
 * What comes by HTTP: older messages, snapshots, tokens for guests; and what strangers answer in
 * its place.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import { guestToken } from '../../../widget/session/pages-api.js';
import { ORIGIN, startBackend } from '../../support/backend.js';
import { ManualClock } from '../../support/manual-clock.js';
import { stroke } from '../../support/strokes.js';
import { Talker } from '../../support/talker.js';
import { enter, platformOf, platformWith, reaches, settledShapes, texts, until } from './people.js';

const COUNT = 2 * LIMITS.messagesPerPage + 10;
const ALL = Array.from({ length: COUNT }, (_, number) => `${number}`);

test('older messages come page by page, in order, and stay when a snapshot is taken again', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const hidden = stroke();
  ann.draw(hidden);
  ann.erase([hidden.id]);
  await ann.settled();
  const busy = await Talker.enter(backend, { person: 'busy' });
  await busy.join('algebra-101');
  for (const text of ALL) await busy.post('algebra-101', text);

  const ben = enter(t, backend, { person: 'ben' });
  assert.deepEqual(ben.history, { loaded: false, more: false, loading: false });
  await reaches(ben, 'connected');
  assert.deepEqual(texts(ben), ALL.slice(-LIMITS.messagesPerPage));
  assert.deepEqual(ben.history, { loaded: true, more: true, loading: false });

  const loading = [ben.loadHistory(), ben.loadHistory()];
  assert.equal(ben.history.loading, true);
  await Promise.all(loading);
  assert.deepEqual(texts(ben), ALL.slice(-2 * LIMITS.messagesPerPage));
  assert.equal(ben.messages[0]?.person.name, 'busy');
  await ben.loadHistory();
  assert.deepEqual(texts(ben), ALL);
  assert.deepEqual(ben.history, { loaded: true, more: false, loading: false });
  await ben.loadHistory();

  // What was hidden before ben came: he needs a snapshot for it.
  ann.undo();
  await settledShapes(ben, 1);
  assert.deepEqual(texts(ben), ALL);
  assert.equal(ben.history.more, false);
});

test('a page of older messages that can not be had is said, and can be asked for again', async t => {
  const backend = await startBackend(t);
  const busy = await Talker.enter(backend, { person: 'busy' });
  await busy.join('algebra-101');
  for (const text of ALL) await busy.post('algebra-101', text);
  let portal = false;
  const platform = platformWith({
    fetch: (url, init) => (portal ? Promise.resolve(new Response('<h1>Please log in</h1>')) : fetch(url, init)),
  });
  const ann = enter(t, backend, { platform });
  await reaches(ann, 'connected');
  portal = true;
  await assert.rejects(ann.loadHistory(), { code: 'unavailable' });
  assert.deepEqual(ann.history, { loaded: true, more: true, loading: false });
  portal = false;
  await ann.loadHistory();
  assert.equal(ann.messages.length, 2 * LIMITS.messagesPerPage);
});

test('a snapshot that can not be had yet is asked for until it can', async t => {
  const backend = await startBackend(t);
  const answers = [
    () => Promise.resolve(new Response('<h1>Please log in</h1>', { headers: { 'Content-Type': 'text/html' } })),
    () => Promise.resolve(Response.json({ hello: 'stranger' })),
    () => Promise.reject(new TypeError('no network')),
    () => Promise.resolve(Response.json({ error: { code: 'rate_limited', message: 'Later.' } }, { status: 429 })),
  ];
  const clock = new ManualClock();
  const platform = {
    ...platformOf(clock),
    fetch: (url: string, init: RequestInit) => {
      // As soon as it is known to have failed, time moves on.
      setImmediate(() => setImmediate(() => clock.advance(60_000)));
      return answers.shift()?.() ?? fetch(url, init);
    },
  };
  const ann = enter(t, backend, { platform });
  await reaches(ann, 'connected');
  assert.equal(answers.length, 0);
});

test('a snapshot that is refused for good ends in a reason', async t => {
  const backend = await startBackend(t);
  const refused = { error: { code: 'room_forbidden', message: 'The token does not name this room.' } };
  const platform = platformWith({ fetch: () => Promise.resolve(Response.json(refused, { status: 403 })) });
  const ann = enter(t, backend, { platform });
  await reaches(ann, 'refused');
  assert.equal(ann.refusal?.code, 'room_forbidden');
});

test('a page of an allowed origin gets a token for a guest, who stays the same person', async t => {
  const backend = await startBackend(t);
  const wish = { server: backend.url, site: 'acme', room: 'open-day' };
  // What a browser does by itself.
  const page = platformWith({
    fetch: (url, init) => {
      const headers = new Headers(init.headers);
      headers.set('origin', ORIGIN);
      return fetch(url, { ...init, headers });
    },
  });
  const first = await guestToken({ ...wish, name: 'Zoe' }, page);
  const second = await guestToken({ ...wish, name: 'Zoe B.', previous: first }, page);
  const person = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const [before, after] = [person(first), person(second)] as { sub: string; name: string }[];
  assert.ok(before && after);
  assert.match(before.sub, /^guest:/);
  assert.equal(after.sub, before.sub);
  assert.equal(after.name, 'Zoe B.');

  await assert.rejects(guestToken({ ...wish, room: 'closed', name: 'Zoe' }, page), { code: 'guests_not_allowed' });
  await assert.rejects(guestToken({ ...wish, name: 'Zoe' }), { code: 'origin_missing' });
  await assert.rejects(guestToken({ ...wish, server: 'http://127.0.0.1:9', name: 'Zoe' }), { code: 'unavailable' });
});

test('a listener that throws is reported, and does the others no harm', async t => {
  const backend = await startBackend(t);
  const reported: unknown[] = [];
  const ann = enter(t, backend, { platform: platformWith({ report: error => reported.push(error) }) });
  await reaches(ann, 'connected');
  const fault = new Error('in a listener');
  ann.subscribe(() => {
    throw fault;
  });
  const stop = ann.subscribe(() => assert.fail('it has unsubscribed'));
  assert.deepEqual(reported.map(String), [
    'Error: in a listener',
    'AssertionError [ERR_ASSERTION]: it has unsubscribed',
  ]);
  stop();
  ann.send('all the same');
  await until(ann, ({ messages }) => messages[0]?.state === 'sent');
  assert.deepEqual(new Set(reported.slice(2)), new Set([fault]));
});
