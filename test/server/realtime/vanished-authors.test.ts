/** Strokes whose authors vanish in the middle, over the whole server. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import type { Joined } from '../../../protocol/conversation.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { VANISHED_GRACE } from '../../../protocol/timeline/grace.js';
import { PATIENCE, until } from '../../support/patience.js';
import { type Backend, startBackend } from '../../support/backend.js';
import { ManualClock } from '../../support/manual-clock.js';
import { succeeded, Talker } from '../../support/talker.js';
import type { TokenRequest } from '../../support/tokens.js';
import { draw, isCompleted, isDrawn, isEntered, typesOf } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';

const ROOM = 'lobby';
const PEN = ['strokeA1', 'blue', 4, 0, 0] as const;
const whole = (points: string) => stroke({ id: PEN[0], scale: PEN[3], points });

type Entered = Joined & { readonly talker: Talker };

async function enter(backend: Backend, request: TokenRequest): Promise<Entered> {
  const talker = await Talker.enter(backend, request);
  return { talker, ...(await talker.join(ROOM)) };
}

/**
 * A backend whose clock stands, with Ann, who has drawn some of a stroke, and Bob, who has seen it.
 */
async function midStroke(t: TestContext) {
  const clock = new ManualClock();
  const backend = await startBackend(t, { clock });
  const ann = await enter(backend, { person: 'ann' });
  const bob = await enter(backend, { person: 'bob' });
  await draws(clock, ann, bob.talker, 'AA', 'CC');
  return { clock, backend, ann, bob: bob.talker };
}

/** Draws, and waits until it was seen. */
async function draws(clock: ManualClock, author: Entered, watcher: Talker, begin: string, more: string): Promise<void> {
  const seen = watcher.frame((entry, peer) => entry[0] === 'ink' && watcher.who(ROOM, peer) === author.you.person.id);
  author.talker.socket.emit('l', author.handle, ['ink', ...PEN, begin], ['more', more]);
  // Taken before it is told, so that time may pass.
  await isInProgress(watcher, begin + more);
  clock.advance(100);
  await seen;
}

/** The points of the stroke in progress, for who comes now. */
async function inProgress(watcher: Talker): Promise<string | undefined> {
  return (await watcher.join(ROOM)).ink[0]?.ink[5];
}

/** Resolves when these are the points of the stroke in progress, or there is none. */
async function isInProgress(watcher: Talker, points: string | undefined): Promise<void> {
  await until(
    PATIENCE,
    async () => (await inProgress(watcher)) === points,
    () => `the stroke in progress never is ${points}`,
  );
}

/** Resolves when so many are in the room. */
async function isLeftBy(watcher: Talker, count: number): Promise<void> {
  await until(
    PATIENCE,
    async () => (await watcher.join(ROOM)).count === count,
    () => `there are never ${count} in the room`,
  );
}

/** What the timeline says of shapes, from its beginning. */
async function log(reader: Talker): Promise<readonly string[]> {
  const { head } = await reader.join(ROOM);
  const tail = succeeded(await reader.ask('catchup', { room: ROOM, after: { epoch: head.epoch, seq: 0 } }));
  return tail.reset ? assert.fail('reset') : tail.events.map(wordsFor);
}

/** The same once it is kept: on many nodes one may keep what another is asked for. */
async function kept(reader: Talker): Promise<readonly string[]> {
  let words = await log(reader);
  while (words.length < KEPT.length) words = await log(reader);
  return words;
}

function wordsFor(event: AnyEvent): string {
  if (isEntered(event)) return `${event.by} is ${event.person.id}`;
  const [type = ''] = typesOf([event]);
  if (isDrawn(event) || isCompleted(event)) {
    return `${event.by} ${type} ${event.shape.content.points}${event.partial ? '…' : ''}`;
  }
  return `${event.by} ${type}`;
}

const KEPT = ['1 is ann', '1 drawn AACC…'];

suite('a stroke whose author vanishes is kept, after a grace', () => {
  test('when the connection is gone', async t => {
    const { clock, ann, bob } = await midStroke(t);
    ann.talker.socket.io.engine.close();
    await isLeftBy(bob, 1);
    clock.advance(VANISHED_GRACE - 1);
    assert.deepEqual(await log(bob), []);
    clock.advance(1);
    const { events } = await bob.hears('events');
    assert.deepEqual(events.map(wordsFor), KEPT);
  });

  test('when they leave the room, which is empty then', async t => {
    const { clock, ann, bob } = await midStroke(t);
    await bob.ask('leave', { room: ROOM });
    await ann.talker.ask('leave', { room: ROOM });
    clock.advance(VANISHED_GRACE);
    assert.deepEqual(await kept(bob), KEPT);
  });

  test('when their key is revoked', async t => {
    const { clock, backend, ann, bob } = await midStroke(t);
    const pair = backend.keys.get('acme') ?? assert.fail();
    const server = await Talker.enter(backend, { person: 'bot', forServers: true });
    await backend.app.sites.revokeKey('acme', pair.page.key.kid);
    await Promise.all([ann.talker.ended(), bob.ended()]);
    await isLeftBy(server, 1);
    clock.advance(VANISHED_GRACE);
    assert.deepEqual(await kept(server), KEPT);
  });

  test('when the server closes: at once, and before the rooms do', async t => {
    const { backend } = await midStroke(t);
    await backend.restart();
    assert.deepEqual(await log(await Talker.enter(backend, { person: 'cy' })), KEPT);
  });
});

suite('nothing is kept', () => {
  test('of a viewer, or of who is not in the room', async t => {
    const { clock, backend, ann, bob } = await midStroke(t);
    await ann.talker.ask('leave', { room: ROOM });
    ann.talker.socket.emit('l', ann.handle, ['ink', 'strokeB2', 'blue', 4, 0, 0, 'AAEE']);
    const eve = await enter(backend, { person: 'eve', rooms: { '*': 'viewer' } });
    eve.talker.socket.emit('l', eve.handle, ['ink', 'strokeC3', 'blue', 4, 0, 0, 'AAEE']);
    await eve.talker.ask('leave', { room: ROOM });
    ann.talker.socket.disconnect();
    await isLeftBy(bob, 1);
    clock.advance(VANISHED_GRACE);
    assert.deepEqual(await kept(bob), KEPT);
  });

  test('of what its author drops, though by another connection', async t => {
    const { clock, backend, ann, bob } = await midStroke(t);
    ann.talker.socket.disconnect();
    await isLeftBy(bob, 1);
    const again = await enter(backend, { person: 'ann' });
    again.talker.socket.emit('l', again.handle, ['ink', ...PEN, ''], ['drop']);
    // Answered behind it.
    await again.talker.join(ROOM);
    clock.advance(VANISHED_GRACE);
    assert.deepEqual(await log(bob), []);
  });

  test('of who is revoked', async t => {
    const { clock, backend, ann, bob } = await midStroke(t);
    await backend.app.sites.revocations.revoke('acme', 'person', 'ann');
    await ann.talker.ended();
    await isLeftBy(bob, 1);
    clock.advance(VANISHED_GRACE);
    assert.deepEqual(await log(bob), []);
  });

  test('of what is no whole point', async t => {
    const { clock, ann, bob } = await midStroke(t);
    await draws(clock, ann, bob, 'AA', 'g');
    ann.talker.socket.disconnect();
    await isLeftBy(bob, 1);
    clock.advance(VANISHED_GRACE);
    assert.deepEqual(await log(bob), []);
  });

  test('of a site that was removed, and other sites do not notice', async t => {
    const { clock, backend, ann, bob } = await midStroke(t);
    const zoe = await Talker.enter(backend, { site: 'globex', person: 'zoe' });
    await zoe.join(ROOM);
    await backend.app.sites.removeSite('acme');
    await Promise.all([ann.talker.ended(), bob.ended()]);
    const said = zoe.post(ROOM, 'still here');
    clock.advance(VANISHED_GRACE);
    await said;
    await zoe.post(ROOM, 'and here');
  });
});

// That a shape is completed minutes later, and grows where its author vanishes again:
// domain/unfinished and session/unfinished.
suite('an author who comes back', () => {
  test('and draws on within the grace has one shape, whole', async t => {
    const { clock, backend, ann, bob } = await midStroke(t);
    ann.talker.socket.disconnect();
    await isLeftBy(bob, 1);
    clock.advance(VANISHED_GRACE / 2);
    const again = await enter(backend, { person: 'ann' });
    await draws(clock, again, bob, 'AACC', 'EE');
    clock.advance(10 * VANISHED_GRACE);
    assert.equal(await inProgress(bob), 'AACCEE');
    await again.talker.command(ROOM, draw(whole('AACCEEGG')));
    clock.advance(10 * VANISHED_GRACE);
    assert.deepEqual(await log(bob), ['1 is ann', '1 drawn AACCEEGG']);
    await isInProgress(bob, undefined);
  });

  test('and finishes within the grace has one shape, whole', async t => {
    const { clock, backend, ann, bob } = await midStroke(t);
    ann.talker.socket.disconnect();
    await isLeftBy(bob, 1);
    const again = await enter(backend, { person: 'ann' });
    await again.talker.command(ROOM, draw(whole('AACCEE')));
    clock.advance(10 * VANISHED_GRACE);
    assert.deepEqual(await log(bob), ['1 is ann', '1 drawn AACCEE']);
  });
});
