import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { LIMITS } from '../../../protocol/limits.js';
import { PATIENCE, until } from '../../support/patience.js';
import { type Backend, startBackend } from '../../support/backend.js';
import { codeOf, Talker } from '../../support/talker.js';
import { draw, isDrawn, post } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';

const STROKE = ['strokeA1', 'blue', 4, 0, 0] as const;

suite('live', () => {
  test('a stroke is seen while it is drawn, by who comes in the middle too, and until it is kept', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend, { person: 'ann' });
    const bob = await Talker.enter(backend, { person: 'bob' });
    const { handle } = await ann.join('lobby');
    await bob.join('lobby');
    const of = (talker: Talker, told: readonly (readonly [peer: number, what: unknown])[]) =>
      told.map(([peer, what]) => [talker.who('lobby', peer), what]);
    ann.socket.emit('l', handle, ['ink', ...STROKE, 'CC']);
    const begun = await bob.frame(entry => entry[0] === 'ink');
    assert.deepEqual(of(bob, begun), [['ann', ['ink', ...STROKE, 'CC']]]);
    ann.socket.emit('l', handle, ['more', 'DD']);
    // Between nodes a stroke may be told anew from its beginning.
    const more = await bob.frame(entry => typeof entry === 'string' || entry[6] === 'CCDD');
    const isAnew = more.some(([, what]) => typeof what !== 'string');
    assert.deepEqual(of(bob, more), [['ann', isAnew ? ['ink', ...STROKE, 'CCDD'] : 'DD']]);

    const cy = await Talker.enter(backend, { person: 'cy' });
    const inkFor = async () => (await cy.join('lobby')).ink.map(({ peer, ink }) => [peer, ink] as const);
    // Where the author is on another node, that one tells it when it hears that somebody has come
    // here.
    await until(
      PATIENCE,
      async () => (await inkFor()).length > 0,
      () => 'nobody tells of the ink',
    );
    assert.deepEqual(of(cy, await inkFor()), [['ann', [...STROKE, 'CCDD']]]);
    await ann.draw('lobby', STROKE[0]);
    await cy.hears('events', ({ events }) => events.some(isDrawn));
    assert.deepEqual(await inkFor(), []);
  });

  test('everyone is told who comes and who goes', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend, { person: 'ann' });
    await ann.join('lobby');
    const bob = await Talker.enter(backend, { person: 'bob', name: 'Bob' });
    const { here, count } = await bob.join('lobby');
    assert.equal(count, 2);
    assert.deepEqual(here.map(({ person }) => person.id).sort(), ['ann', 'bob']);
    const { came } = await ann.hears('presence', fact => fact.came.some(({ person }) => person.id === 'bob'));
    const { peer, ...bobby } = came.at(-1) ?? assert.fail();
    assert.deepEqual(bobby, { person: { id: 'bob', name: 'Bob' }, role: 'member' });
    bob.socket.disconnect();
    const gone = await ann.hears('presence', fact => fact.left.includes(peer));
    assert.equal(gone.count, 1);
  });

  test('who left hears nothing more', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend, { person: 'ann' });
    const bob = await Talker.enter(backend, { person: 'bob' });
    await ann.join('lobby');
    await bob.join('lobby');
    await bob.ask('leave', { room: 'lobby' });
    await ann.post('lobby', 'without bob');
    // Answered after whatever would have been told.
    await bob.ask('leave', { room: 'lobby' });
    assert.deepEqual(bob.unasked('events'), []);
  });
});

suite('limits of a room and of a connection', () => {
  test('a full room lets nobody else in', async t => {
    const backend = await startBackend(t, { limits: { peersPerRoom: 3 } });
    const [ann, bob] = [await Talker.enter(backend, { node: 0 }), await Talker.enter(backend, { node: 1 })];
    const [dee, cy] = [await Talker.enter(backend, { node: 2 }), await Talker.enter(backend, { node: 2 })];
    for (const talker of [ann, bob, dee]) await talker.join('lobby');
    assert.equal(codeOf(await cy.ask('join', { room: 'lobby' })), 'room_full');
    assert.equal(codeOf(await bob.ask('join', { room: 'lobby' })), undefined);
    await bob.ask('leave', { room: 'lobby' });
    // Where several nodes are, the one that he was not at learns it a moment later.
    await dee.hears('presence', ({ left }) => left.length > 0);
    await cy.join('lobby');
  });

  test('a connection is in so many rooms and no more', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend);
    for (let index = 0; index < LIMITS.roomsPerConnection; index += 1) await ann.join(`room-${index}`);
    assert.equal(codeOf(await ann.ask('join', { room: 'one-more' })), 'too_many_rooms');
    await ann.join('room-0');
  });
});

suite('catching up', () => {
  async function tailOf(talker: Talker, epoch: string, from: number): Promise<{ events: AnyEvent[]; pages: number }> {
    const events: AnyEvent[] = [];
    for (let pages = 1, seq = from; ; pages += 1) {
      const page = await talker.ask('catchup', { room: 'lobby', after: { epoch, seq } });
      assert.ok(page.ok && !page.reset);
      events.push(...page.events);
      seq = page.events.at(-1)?.seq ?? seq;
      if (seq >= page.head.seq) return { events, pages };
      assert.ok(page.events.length > 0);
    }
  }

  test('the tail is paged to its end, no page too large', async t => {
    const open = { perSecond: 1e9, burst: 1e9 };
    const rates = { commandSize: open, points: open, packetPoints: open };
    const backend = await startBackend(t, { rates, limits: { pointsPerSecond: 1e9 } });
    const ann = await Talker.enter(backend, { person: 'ann' });
    const { head } = await ann.join('lobby');
    const points = 'C'.repeat(40_000);
    for (let index = 0; index < 20; index += 1) {
      const id = `stroke${String(index).padStart(2, '0')}`;
      await ann.command('lobby', draw(stroke({ id, points })));
    }
    const { events, pages } = await tailOf(ann, head.epoch, 0);
    assert.ok(pages >= 3, `${pages} pages`);
    assert.equal(events.filter(isDrawn).length, 20);
    assert.deepEqual(
      events.map(({ prev }) => prev),
      [0, ...events.map(({ seq }) => seq).slice(0, -1)],
    );
  });

  test('from another epoch, from ahead or from far behind, a snapshot is the way', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend);
    const { head } = await ann.join('lobby');
    await ann.post('lobby', 'hello');
    const reset = async (epoch: string, seq: number) => {
      const answer = await ann.ask('catchup', { room: 'lobby', after: { epoch, seq } });
      assert.ok(answer.ok);
      return answer.reset;
    };
    assert.equal(await reset(head.epoch, 0), false);
    assert.equal(await reset('another', 0), true);
    assert.equal(await reset(head.epoch, 1_000), true);
  });
});

async function everythingOf(backend: Backend): Promise<string[]> {
  const late = await Talker.enter(backend, { person: 'late' });
  const { head } = await late.join('lobby');
  const page = await late.ask('catchup', { room: 'lobby', after: { epoch: head.epoch, seq: 0 } });
  assert.ok(page.ok && !page.reset);
  return page.events.map(event => `${event.seq} ${event.type} ${event.by}`);
}

test('a restart loses nothing, and the outbox of before it doubles nothing', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann' });
  await ann.join('lobby');
  const id = 'a'.repeat(16);
  const body = post('kept');
  const seq = await ann.command('lobby', body, id);
  await ann.draw('lobby');
  await ann.ask('read', { room: 'lobby', seq });
  const before = await everythingOf(backend);

  const restarting = backend.restart();
  const { code, retryAfter } = await ann.hears('bye');
  assert.equal(code, 'unavailable');
  // Where there are other nodes, one may come to them at once.
  assert.ok(retryAfter && retryAfter >= (backend.nodes > 1 ? 50 : 500));
  await ann.ended();
  await restarting;

  assert.deepEqual(await everythingOf(backend), before);
  const again = await Talker.enter(backend, { person: 'ann' });
  assert.equal((await again.join('lobby')).read, seq);
  assert.equal(await again.command('lobby', body, id), seq);
  assert.deepEqual(await everythingOf(backend), before);
});

test('long-polling alone does all of it', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann', transports: ['polling'] });
  const bob = await Talker.enter(backend, { person: 'bob', transports: ['polling'] });
  const { handle } = await ann.join('lobby');
  await bob.join('lobby');
  await ann.post('lobby', 'hello');
  await bob.hears('events');
  ann.socket.emit('l', handle, ['at', 1, 2]);
  await bob.frame(entry => entry[0] === 'at');
  assert.equal(bob.socket.io.engine.transport.name, 'polling');
  await backend.stop();
  assert.equal((await bob.hears('bye')).code, 'unavailable');
});

test('a read position moves forward, and not beyond the end', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend);
  await ann.join('lobby');
  const seq = await ann.post('lobby', 'hello');
  const readTo = async (to: number) => {
    await ann.ask('read', { room: 'lobby', seq: to });
    return (await ann.join('lobby')).read;
  };
  assert.equal(await readTo(1), 1);
  assert.equal(await readTo(Number.MAX_SAFE_INTEGER), seq);
  assert.equal(await readTo(1), seq);
});
