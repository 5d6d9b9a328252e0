/**
 * What a lost network, a dead server and a hostile proxy do to a session: nothing that a person
 * would notice for long.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type Backend, startBackend } from '../../support/backend.js';
import { NetworkProxy } from '../../support/browser/network-proxy.js';
import { isPosted } from '../../support/commands.js';
import { ManualClock } from '../../support/manual-clock.js';
import { stroke } from '../../support/strokes.js';
import { Talker } from '../../support/talker.js';
import { Connections } from '../../../widget/session/connections.js';
import { enter, platformOf, platformWith, reaches, sentTexts, settledShapes, texts, until } from './people.js';

/** Longer than any delay of a client between two attempts, in milliseconds. */
const LONG = 60_000;

async function network(t: TestContext, backend: Backend): Promise<{ proxy: NetworkProxy; server: string }> {
  const proxy = new NetworkProxy(() => new URL(backend.url));
  t.after(() => proxy.close());
  return { proxy, server: await proxy.listen() };
}

test('a server that is stopped in mid-conversation and started again costs no word and doubles none', async t => {
  const backend = await startBackend(t);
  const clock = new ManualClock();
  const ann = enter(t, backend, { person: 'ann', platform: platformOf(clock) });
  const ben = enter(t, backend, { person: 'ben', platform: platformOf(clock) });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);

  ann.send('kept before');
  await ann.settled();
  // On their way while the server goes: some are kept, some are not, and nobody here knows which.
  const keys = ['under way 1', 'under way 2'].map(text => ann.send(text));
  const strokes = [stroke(), stroke()];
  for (const one of strokes) ann.draw(one);
  await backend.stop();
  await Promise.all([reaches(ann, 'reconnecting'), reaches(ben, 'reconnecting')]);
  ann.send('while it was away');
  ben.send('me too');

  await backend.start();
  clock.advance(LONG);
  await Promise.all([ann.settled(), ben.settled()]);
  const [words, otherWords] = await Promise.all([ann, ben].map(session => sentTexts(session, 5)));
  assert.deepEqual(words, otherWords);
  assert.deepEqual(
    words?.filter(text => text !== 'me too'),
    ['kept before', 'under way 1', 'under way 2', 'while it was away'],
  );
  assert.deepEqual(
    await settledShapes(ben, 2),
    strokes.map(({ id }) => id),
  );
  assert.ok(keys.every(key => ann.messages.some(message => message.key === key)));

  const late = enter(t, backend, { person: 'late' });
  await reaches(late, 'connected');
  assert.deepEqual(texts(late), words);
});

test('what was kept but never acknowledged is known again in the tail, and not shown twice', async t => {
  const backend = await startBackend(t);
  const { proxy, server } = await network(t, backend);
  const clock = new ManualClock();
  const ann = enter(t, backend, { person: 'ann', server, platform: platformOf(clock) });
  await reaches(ann, 'connected');
  proxy.mode = 'down';
  proxy.cut();
  await reaches(ann, 'reconnecting');

  const key = ann.send('Hello');
  // As if this very command had reached the server, and its answer had been lost.
  const other = await Talker.enter(backend, { person: 'ann' });
  await other.join('algebra-101');
  await other.command('algebra-101', { type: 'message.post', text: 'Hello' }, key);

  let most = 0;
  ann.subscribe(() => (most = Math.max(most, ann.messages.length)));
  proxy.mode = 'pass';
  clock.advance(LONG);
  await ann.settled();
  assert.deepEqual(await sentTexts(ann, 1), ['Hello']);
  assert.equal(ann.messages[0]?.key, key);
  assert.equal(most, 1);
});

test('long-polling alone is enough', async t => {
  const backend = await startBackend(t);
  const { proxy, server } = await network(t, backend);
  const ann = enter(t, backend, { person: 'ann', server, transports: ['polling'] });
  const ben = enter(t, backend, { person: 'ben', server, transports: ['polling'] });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);
  const drawn = stroke();
  ann.draw(drawn);
  ben.send('seen');
  assert.deepEqual(await settledShapes(ben, 1), [drawn.id]);
  assert.deepEqual(await sentTexts(ann, 1), ['seen']);
  assert.equal(proxy.upgrades, 0);
});

test('where WebSocket is blocked, long-polling takes its place', async t => {
  const backend = await startBackend(t);
  const { proxy, server } = await network(t, backend);
  proxy.mode = 'block-websocket';
  // Time stands: the fall back waits for nothing.
  const ann = enter(t, backend, { person: 'ann', server, platform: platformOf(new ManualClock()) });
  await reaches(ann, 'connected');
  ann.send('through');
  await ann.settled();
  assert.ok(proxy.upgrades > 0);
});

test('a WebSocket that hangs is given up after four seconds for long-polling', async t => {
  const backend = await startBackend(t);
  const { proxy, server } = await network(t, backend);
  proxy.mode = 'hang-websocket';
  const clock = new ManualClock();
  const ann = enter(t, backend, { person: 'ann', server, platform: platformOf(clock) });
  const asked = new Promise<void>(resolve => {
    const look = (): void => {
      if (proxy.upgrades > 0) resolve();
      else setImmediate(look);
    };
    look();
  });
  await asked;
  assert.equal(ann.status, 'connecting');
  clock.advance(4_000);
  await reaches(ann, 'connected');
  ann.send('through');
  await ann.settled();
});

test('events that never came are asked for, and others wait for them', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);
  ann.send('1');
  await sentTexts(ben, 1);

  const receive = ben.link.events.bind(ben.link);
  let lost: number | undefined;
  ben.link.events = ({ events, ...fact }) => {
    lost ??= events[0]?.seq;
    receive({ ...fact, events: events.filter(({ seq }) => seq !== lost) });
  };
  ann.send('2');
  ann.send('3');
  assert.deepEqual(await sentTexts(ben, 3), ['1', '2', '3']);
  assert.notEqual(lost, undefined);
});

test('an own event that never came is asked for once it is acknowledged', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  await reaches(ann, 'connected');
  ann.link.events = () => {};
  const key = ann.send('1');
  assert.deepEqual(await sentTexts(ann, 1), ['1']);
  assert.equal(ann.messages[0]?.key, key);
});

test('a command that waited says for how long, and one that was sent at once says nothing', async t => {
  const backend = await startBackend(t);
  const { proxy, server } = await network(t, backend);
  const clock = new ManualClock();
  const ann = enter(t, backend, { person: 'ann', server, platform: platformOf(clock) });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);
  const waited: (number | undefined)[] = [];
  const receive = ben.link.events.bind(ben.link);
  ben.link.events = fact => {
    for (const event of fact.events) if (isPosted(event)) waited.push(event.waited);
    receive(fact);
  };
  ann.send('at once');
  await sentTexts(ben, 1);
  proxy.mode = 'down';
  proxy.cut();
  await reaches(ann, 'reconnecting');
  ann.send('later');
  proxy.mode = 'pass';
  clock.advance(LONG);
  await sentTexts(ben, 2);
  assert.equal(waited[0], undefined);
  assert.ok((waited[1] ?? 0) >= LONG, `${waited[1]}`);
});

test('who was away for too long takes a snapshot again', async t => {
  const plenty = { perSecond: 1e6, burst: 1e6 };
  const rates = { commands: plenty, commandSize: plenty, orders: plenty, packets: plenty, packetSize: plenty };
  const backend = await startBackend(t, { rates });
  const { proxy, server } = await network(t, backend);
  const clock = new ManualClock();
  const asked: string[] = [];
  const platform = {
    ...platformOf(clock),
    fetch: (url: string, init: RequestInit) => {
      asked.push(url.slice(url.lastIndexOf('/')).replace(/\?.*/, ''));
      return fetch(url, init);
    },
  };
  const ann = enter(t, backend, { person: 'ann', server, platform });
  await reaches(ann, 'connected');
  ann.send('before');
  await ann.settled();
  proxy.mode = 'down';
  proxy.cut();
  await reaches(ann, 'reconnecting');
  const waiting = ann.send('after all that');

  const busy = await Talker.enter(backend, { person: 'busy' });
  await busy.join('algebra-101');
  await Promise.all(Array.from({ length: 2_001 }, (_, number) => busy.post('algebra-101', `${number}`)));
  assert.deepEqual(asked, ['/snapshot']);

  proxy.mode = 'pass';
  clock.advance(LONG);
  await until(ann, ({ status, messages }) => status === 'connected' && messages.at(-1)?.state === 'sent');
  assert.deepEqual(asked, ['/snapshot', '/snapshot']);
  assert.deepEqual(texts(ann).slice(-3), ['1999', '2000', 'after all that']);
  assert.equal(ann.messages.at(-1)?.key, waiting);
  assert.equal(ann.history.more, true);
  await ann.loadHistory();
  assert.equal(new Set(texts(ann)).size, ann.messages.length);
});

test('another epoch is another timeline: everything is taken anew, and what waits is sent to it', async t => {
  const [old, restored] = [await startBackend(t), await startBackend(t)];
  let present = old;
  const proxy = new NetworkProxy(() => new URL(present.url));
  t.after(() => proxy.close());
  const clock = new ManualClock();
  const reasons: string[] = [];
  const ann = enter(t, old, {
    server: await proxy.listen(),
    platform: platformOf(clock),
    getToken: reason => {
      reasons.push(reason);
      return present.token({ person: 'ann', forServers: true });
    },
  });
  ann.send('of the old one');
  ann.draw(stroke());
  await ann.settled();
  await sentTexts(ann, 1);
  // Acknowledged, but its event will never come.
  ann.link.events = () => {};
  ann.send('lost with the old one');
  await ann.settled();
  assert.deepEqual(texts(ann), ['of the old one', 'lost with the old one (pending)']);
  proxy.mode = 'down';
  proxy.cut();
  await reaches(ann, 'reconnecting');
  delete (ann.link as Partial<typeof ann.link>).events;
  ann.send('of the new one');
  present = restored;
  proxy.mode = 'pass';
  clock.advance(LONG);
  await reaches(ann, 'connected');
  assert.deepEqual(await sentTexts(ann, 1), ['of the new one']);
  assert.equal(ann.board.shapes.size, 0);
  assert.equal(ann.canUndo, false);
  // The other backend did not sign the first token.
  assert.deepEqual(reasons, ['connect', 'refused']);
});

test('a device that wakes does not wait for its turn', async t => {
  const backend = await startBackend(t);
  const { proxy, server } = await network(t, backend);
  let wake = (): void => {};
  let online = true;
  const clock = new ManualClock();
  const platform = {
    ...platformOf(clock),
    online: () => online,
    onWake: (listener: () => void) => {
      wake = listener;
      return () => {};
    },
  };
  const ann = enter(t, backend, { person: 'ann', server, platform });
  await reaches(ann, 'connected');
  online = false;
  proxy.mode = 'down';
  proxy.cut();
  await reaches(ann, 'offline');
  ann.send('on the train');
  assert.deepEqual(texts(ann), ['on the train (pending)']);

  online = true;
  proxy.mode = 'pass';
  wake();
  assert.equal(ann.status, 'reconnecting');
  // Not at once, but soon: all tabs wake together.
  clock.advance(500);
  await ann.settled();
  assert.deepEqual(await sentTexts(ann, 1), ['on the train']);
});

test('rooms of one identity share a connection, which ends with the last of them', async t => {
  const backend = await startBackend(t);
  const { proxy, server } = await network(t, backend);
  const connections = new Connections(platformWith({}));
  const getToken = (): Promise<string> => backend.token({ forServers: true });
  const [one, other, same] = ['algebra-101', 'algebra-102', 'algebra-102'].map(room =>
    connections.room({ server, site: 'acme', room, getToken }),
  );
  assert.ok(one && other && same);
  t.after(async () => [one, other, same].forEach(session => session.close()));
  await Promise.all([one, other, same].map(session => reaches(session, 'connected')));
  assert.equal(proxy.upgrades, 1);

  one.send('only here');
  other.send('and there');
  assert.deepEqual(await sentTexts(one, 1), ['only here']);
  assert.deepEqual(await sentTexts(same, 1), ['and there']);

  one.close();
  other.close();
  assert.equal(one.status, 'closed');
  same.send('still here');
  assert.deepEqual(await sentTexts(same, 2), ['and there', 'still here']);
});
