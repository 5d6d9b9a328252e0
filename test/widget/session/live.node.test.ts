/** What is live: ink in progress, cursors, signs of writing, who is here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { InkBegin, StrokeForm } from '../../../protocol/shapes/stroke.js';
import { decodeInk, encodeInk, InkEncoder } from '../../../protocol/ink.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { PeerView, RoomSession } from '../../../widget/session/contract.js';
import { startBackend } from '../../support/backend.js';
import { NetworkProxy } from '../../support/browser/network-proxy.js';
import { ManualClock } from '../../support/manual-clock.js';
import { stroke, withPoints } from '../../support/strokes.js';
import { enter, platformOf, reaches, until } from './people.js';

const FORMAT = { scale: 0, pressure: false };

const beginOf = ({ id, look, content }: StrokeForm, points: string): InkBegin => [
  id,
  look.color,
  look.width,
  content.scale,
  0,
  points,
];
const other = ({ peers }: RoomSession): PeerView | undefined => peers.find(({ self }) => !self);

test('ink is seen while it flows, by who is here and by who comes in the middle, and becomes the stroke without a gap', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  await reaches(ann, 'connected');
  const pen = new InkEncoder(FORMAT);
  const drawn = stroke({ ...FORMAT, points: '' });
  let points = pen.add([{ x: 1, y: 1 }]);
  // Nobody else is here yet: all the same.
  ann.inkBegin(beginOf(drawn, points));

  const ben = enter(t, backend, { person: 'ben' });
  await until(ben, session => other(session)?.ink !== undefined);
  assert.deepEqual(other(ben)?.ink, beginOf(drawn, points));

  for (let x = 2; x < 40; x += 1) {
    const more = pen.add([{ x, y: x % 7 }]);
    points += more;
    ann.inkMore(more);
  }
  await until(ben, session => other(session)?.ink?.[5] === points);
  const cleo = enter(t, backend, { person: 'cleo' });
  await until(cleo, ({ peers }) => peers.some(({ ink }) => ink?.[5] === points));

  const seen: string[] = [];
  ben.subscribe(() => {
    const [ink, shape] = [other(ben)?.ink, ben.board.shapes.get(drawn.id)];
    seen.push([ink && 'ink', shape && 'shape'].filter(Boolean).join(' and ') || 'nothing');
  });
  ann.draw(withPoints(drawn, points));
  await until(ben, ({ board }) => board.shapes.has(drawn.id));
  assert.equal(other(ben)?.ink, undefined);
  assert.deepEqual([...new Set(seen)], ['ink', 'shape']);
});

test('a stroke that outgrows a frame arrives whole, in pieces that can be drawn at once', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), until(ben, ({ peerCount }) => peerCount === 2)]);
  const walk = Array.from({ length: 3_000 }, (_, index) => ({ x: (index * 37) % 900, y: (index * 91) % 700 }));
  const points = encodeInk(walk, FORMAT);
  assert.ok(points.length > 3 * LIMITS.livePoints);
  const seen = new Set<string>();
  ben.subscribe(() => seen.add(other(ben)?.ink?.[5] ?? ''));
  ann.inkBegin(beginOf(stroke(FORMAT), points));
  await until(ben, session => other(session)?.ink?.[5] === points);
  assert.ok(seen.size > 3);
  for (const part of seen) {
    assert.ok(points.startsWith(part));
    assert.ok(decodeInk(part, FORMAT), 'whole points');
  }
});

test('a stroke in progress survives a lost connection', async t => {
  const backend = await startBackend(t);
  const proxy = new NetworkProxy(() => new URL(backend.url));
  t.after(() => proxy.close());
  const clock = new ManualClock();
  const ann = enter(t, backend, { person: 'ann', server: await proxy.listen(), platform: platformOf(clock) });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), until(ben, ({ peerCount }) => peerCount === 2)]);
  const drawn = stroke(FORMAT);
  ann.inkBegin(beginOf(drawn, 'AAAA'));
  await until(ben, session => other(session)?.ink !== undefined);
  proxy.mode = 'down';
  proxy.cut();
  await until(ben, ({ peerCount }) => peerCount === 1);
  assert.equal(other(ben), undefined);
  ann.inkMore('CCCC');
  proxy.mode = 'pass';
  await reaches(ann, 'reconnecting');
  clock.advance(60_000);
  await until(ben, session => other(session)?.ink?.[5] === 'AAAACCCC');
  ann.inkDrop();
  clock.advance(LIMITS.liveInterval);
  await until(ben, session => other(session)?.ink === undefined && other(session) !== undefined);
});

test('cursors and signs of writing come and fade; their own author does not see them come back', async t => {
  const backend = await startBackend(t);
  const clock = new ManualClock();
  const ann = enter(t, backend, { person: 'ann' });
  const ben = enter(t, backend, { person: 'ben', platform: platformOf(clock) });
  await Promise.all([until(ann, ({ peerCount }) => peerCount === 2), until(ben, ({ peerCount }) => peerCount === 2)]);

  ann.cursor({ x: 10.4, y: -3.6 });
  ann.typing(true);
  await until(ben, session => other(session)?.cursor !== undefined && other(session)?.typing === true);
  assert.deepEqual(other(ben)?.cursor, { x: 10, y: -4 });
  assert.deepEqual(
    ann.peers.map(({ self, cursor, typing }) => [self, cursor, typing]),
    [
      [true, undefined, false],
      [false, undefined, false],
    ],
  );
  // The server says when writing has ended; where it can't, the client knows by itself.
  clock.advance(LIMITS.typingLasts);
  assert.equal(other(ben)?.typing, false);

  ann.cursor(undefined);
  await until(ben, session => other(session)?.cursor === undefined);
  ann.typing(false);
  ann.typing(true);
  await until(ben, session => other(session)?.typing === true);
  ann.send('said');
  await until(ben, session => other(session)?.typing === false);
});

test('many moves of a cursor become one frame an interval, and the newest counts', async t => {
  const backend = await startBackend(t);
  const clock = new ManualClock();
  const ann = enter(t, backend, { person: 'ann', platform: platformOf(clock) });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([until(ann, ({ peerCount }) => peerCount === 2), until(ben, ({ peerCount }) => peerCount === 2)]);
  const seen = new Set<number>();
  ben.subscribe(() => {
    const x = other(ben)?.cursor?.x;
    if (x !== undefined) seen.add(x);
  });
  for (let x = 0; x < 100; x += 1) ann.cursor({ x, y: 0 });
  clock.advance(LIMITS.liveInterval);
  await until(ben, session => other(session)?.cursor?.x === 99);
  assert.deepEqual(
    [...seen].filter(x => x !== 0 && x !== 99),
    [],
  );
});

test('a viewer is seen to be here, and nothing else of them', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const vera = enter(t, backend, { person: 'vera', rooms: { '*': 'viewer' } });
  await Promise.all([until(ann, ({ peerCount }) => peerCount === 2), until(vera, ({ peerCount }) => peerCount === 2)]);
  vera.cursor({ x: 1, y: 1 });
  vera.inkBegin(beginOf(stroke(FORMAT), 'AAAA'));
  // Said after it on the same connection: whatever was sent before has come when this has.
  vera.send('no');
  await vera.settled();
  ann.cursor({ x: 2, y: 2 });
  await until(vera, session => other(session)?.cursor !== undefined);
  assert.deepEqual(other(ann), {
    peer: other(ann)?.peer,
    person: { id: 'vera', name: 'vera' },
    role: 'viewer',
    self: false,
    typing: false,
  });
});

test('those who are here stay in the order in which they came, oneself first', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  await reaches(ann, 'connected');
  const ben = enter(t, backend, { person: 'ben' });
  await reaches(ben, 'connected');
  const cleo = enter(t, backend, { person: 'cleo' });
  const names = ({ peers }: RoomSession): string[] => peers.map(({ person }) => person.name);
  await until(cleo, ({ peerCount }) => peerCount === 3);
  await until(ben, ({ peerCount }) => peerCount === 3);
  assert.deepEqual(names(cleo), ['cleo', 'ann', 'ben']);
  assert.deepEqual(names(ben), ['ben', 'ann', 'cleo']);
  ann.close();
  await until(cleo, ({ peerCount }) => peerCount === 2);
  assert.deepEqual(names(cleo), ['cleo', 'ben']);
  assert.deepEqual(ann.peers, []);
});

/** Posts a message and marks it as read; resolves with its seq. */
async function readAMessage(session: RoomSession): Promise<number> {
  session.send('read');
  await session.settled();
  await until(session, ({ messages }) => messages[0]?.seq !== undefined);
  const seq = session.messages[0]?.seq ?? NaN;
  session.markRead(seq);
  return seq;
}

test('how far somebody has read is known when they come again', async t => {
  const backend = await startBackend(t);
  const clock = new ManualClock();
  const ann = enter(t, backend, { person: 'ann', platform: platformOf(clock) });
  const seq = await readAMessage(ann);
  assert.equal(ann.readOnArrival, 0);
  clock.advance(500);
  // Answered behind it.
  ann.send('next');
  await ann.settled();
  const again = enter(t, backend, { person: 'ann' });
  await reaches(again, 'connected');
  assert.equal(again.readOnArrival, seq);
});

test('how far somebody had read when they left is told on the way out', async t => {
  const backend = await startBackend(t);
  const clock = new ManualClock();
  const ann = enter(t, backend, { person: 'ann', platform: platformOf(clock) });
  const seq = await readAMessage(ann);
  ann.close();
  const wanted = async (): Promise<boolean> => {
    const again = enter(t, backend, { person: 'ann' });
    await reaches(again, 'connected');
    again.close();
    return again.readOnArrival === seq;
  };
  // Nobody is told when it has arrived.
  let tries = 0;
  while (!(await wanted())) assert.ok((tries += 1) < 50);
});
