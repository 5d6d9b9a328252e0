/**
 * What a person gave before their page went away, and the next page of theirs: real sessions, with
 * a store that the test looks into.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import type { OutboxPlace } from '../../../widget/session/outbox-store.js';
import type { Room } from '../../../widget/session/room.js';
import { type Backend, startBackend } from '../../support/backend.js';
import { NetworkProxy } from '../../support/browser/network-proxy.js';
import { ManualClock } from '../../support/manual-clock.js';
import { stroke } from '../../support/strokes.js';
import { MemoryStore } from './memory-store.js';
import {
  enter,
  type EnterRequest,
  platformWith,
  reaches,
  sentTexts,
  settledShapes,
  shapeIds,
  texts,
  until,
} from './people.js';

/** A backend behind a network, and one browser of several pages. */
class World {
  readonly store = new MemoryStore();
  readonly clock = new ManualClock();
  readonly #test: TestContext;

  private constructor(
    t: TestContext,
    readonly backend: Backend,
    readonly network: NetworkProxy,
    readonly server: string,
  ) {
    this.#test = t;
  }

  static async of(t: TestContext): Promise<World> {
    const backend = await startBackend(t);
    const network = new NetworkProxy(() => new URL(backend.url));
    const server = await network.listen();
    t.after(() => network.close());
    return new World(t, backend, network, server);
  }

  page(person: string, request: EnterRequest = {}): Room {
    const platform = platformWith({ now: () => this.clock.now(), outboxStore: async () => this.store });
    return enter(this.#test, this.backend, { person, server: this.server, platform, ...request });
  }

  place(person: string): OutboxPlace {
    return { server: this.server, site: 'acme', room: 'algebra-101', person };
  }

  /** Cuts the page off, and resolves when it knows. */
  async cutOff(page: Room): Promise<void> {
    this.network.mode = 'down';
    this.network.cut();
    await reaches(page, 'reconnecting');
  }
}

const say = (text: string): CommandBody => ({ type: 'message.post', text });
const left = (body: CommandBody, createdAt: number) => ({ id: newCommandId(), body, createdAt });

test('what a page had waiting when it was closed arrives with the next one: all of it, once, in order, and can be undone', async t => {
  const world = await World.of(t);
  const first = world.page('ann');
  await reaches(first, 'connected');
  await until(first, ({ lasting }) => lasting);
  await world.cutOff(first);
  const strokes = [stroke(), stroke()];
  first.send('one');
  for (const one of strokes) first.draw(one);
  first.send('two');
  assert.equal(first.waiting, 4);
  first.close();

  world.network.mode = 'pass';
  const second = world.page('ann');
  second.send('three');
  await reaches(second, 'connected');
  assert.deepEqual(await sentTexts(second, 3), ['one', 'two', 'three']);
  assert.deepEqual(
    await settledShapes(second, 2),
    strokes.map(({ id }) => id),
  );
  await second.settled();
  assert.deepEqual(world.store.kept(world.place('ann')), []);

  second.undo();
  assert.deepEqual(shapeIds(second), [strokes[0]?.id]);
  await second.settled();
  const ben = world.page('ben');
  assert.deepEqual(await sentTexts(ben, 3), ['one', 'two', 'three']);
  assert.deepEqual(await settledShapes(ben, 1), [strokes[0]?.id]);
});

test('what waits is to be seen at once, and nothing is sent before it is known what was before', async t => {
  const world = await World.of(t);
  let open: () => void = () => undefined;
  world.store.gate = new Promise(resolve => (open = resolve));
  world.store.leave(world.place('ann'), left(say('before'), world.clock.now()));
  const ann = world.page('ann');
  ann.send('after');
  await reaches(ann, 'connected');
  const ben = world.page('ben');
  await reaches(ben, 'connected');
  assert.deepEqual(texts(ann), ['after (pending)']);
  open();
  await until(ann, ({ messages }) => messages.length === 2);
  assert.equal(texts(ann)[0]?.startsWith('before'), true);
  assert.deepEqual(await sentTexts(ben, 2), ['before', 'after']);
});

test('a store that does not answer keeps nothing up for long', async t => {
  const world = await World.of(t);
  world.store.gate = new Promise(() => undefined);
  const patience: (() => void)[] = [];
  const ann = enter(t, world.backend, {
    person: 'ann',
    platform: platformWith({
      after: (ms, task) => {
        if (ms === 2_000) {
          patience.push(task);
          return () => undefined;
        }
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      outboxStore: async () => world.store,
    }),
  });
  ann.send('hello');
  await reaches(ann, 'connected');
  assert.equal(patience.length, 1);
  patience[0]?.();
  assert.deepEqual(await sentTexts(ann, 1), ['hello']);
  assert.equal(ann.lasting, false);
});

test('nobody else reads, sends or loses what a person has waiting', async t => {
  const world = await World.of(t);
  const waiting = left(say('for nobody but me'), world.clock.now());
  world.store.leave(world.place('ann'), waiting);
  const ben = world.page('ben');
  await reaches(ben, 'connected');
  await until(ben, ({ lasting }) => lasting);
  ben.send('mine');
  await ben.settled();
  assert.deepEqual(await sentTexts(ben, 1), ['mine']);
  assert.deepEqual(world.store.kept(world.place('ann')), [waiting]);
});

test('a refused message outlives its page with its reason, until it is sent again or deleted', async t => {
  const world = await World.of(t);
  const first = world.page('ann', { rooms: { '*': 'viewer' } });
  await reaches(first, 'connected');
  for (const text of ['one', 'two']) first.send(text);
  await first.settled();
  assert.deepEqual(texts(first), ['one (failed)', 'two (failed)']);
  first.close();

  const second = world.page('ann');
  await reaches(second, 'connected');
  await until(second, ({ messages }) => messages.length === 2);
  assert.deepEqual(
    second.messages.map(({ text, refusal }) => [text, refusal?.code]),
    [
      ['one', 'role_forbidden'],
      ['two', 'role_forbidden'],
    ],
  );
  const [one, two] = second.messages;
  second.retry(one?.key ?? '');
  second.discard(two?.key ?? '');
  assert.deepEqual(await sentTexts(second, 1), ['one']);
  await second.settled();
  assert.deepEqual(world.store.kept(world.place('ann')), []);
});

test('after more than 14 days a message is shown for what it is, and a drawing is gone with a word', async t => {
  const world = await World.of(t);
  const old = world.clock.now() - 15 * 24 * 60 * 60_000;
  world.store.leave(world.place('ann'), left(say('long ago'), old), left({ type: 'shape.draw', shape: stroke() }, old));
  const ann = world.page('ann');
  const refused: string[] = [];
  ann.onRefused(({ command, refusal }) => refused.push(`${command}: ${refusal.code}`));
  await until(ann, ({ messages }) => messages.length === 1);
  await reaches(ann, 'connected');
  assert.deepEqual(refused, ['message.post: outbox_expired', 'shape.draw: outbox_expired']);
  assert.deepEqual(texts(ann), ['long ago (failed)']);
  assert.deepEqual([shapeIds(ann), ann.waiting, ann.canUndo], [[], 0, false]);
  ann.retry(ann.messages[0]?.key ?? '');
  assert.deepEqual(await sentTexts(ann, 1), ['long ago']);
});

test('what another page leaves while we are here is sent too, and is not ours to undo', async t => {
  const world = await World.of(t);
  const ann = world.page('ann');
  await reaches(ann, 'connected');
  await until(ann, ({ lasting }) => lasting);
  const drawn = stroke();
  const now = world.clock.now();
  world.store.find(world.place('ann'), left(say('from there'), now), left({ type: 'shape.draw', shape: drawn }, now));
  assert.deepEqual(shapeIds(ann), [drawn.id]);
  assert.deepEqual(await sentTexts(ann, 1), ['from there']);
  assert.deepEqual(await settledShapes(ann, 1), [drawn.id]);
  assert.equal(ann.canUndo, false);
});

test('two pages that send the same command show it once', async t => {
  const world = await World.of(t);
  const [here, there] = [world.page('ann'), world.page('ann')];
  for (const page of [here, there]) await until(page, ({ lasting, status }) => lasting && status === 'connected');
  // Without locks a page takes what a living one has waiting.
  await world.cutOff(here);
  here.send('said once');
  const [entry] = world.store.kept(world.place('ann'));
  assert.ok(entry);
  world.network.mode = 'pass';
  await reaches(there, 'connected');
  world.store.find(world.place('ann'), entry);
  for (const page of [here, there]) {
    await reaches(page, 'connected');
    await page.settled();
    assert.deepEqual(await sentTexts(page, 1), ['said once']);
  }
});
