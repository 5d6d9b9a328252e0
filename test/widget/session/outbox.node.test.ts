/** The outbox on its own: the test is the network. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Answer } from '../../../protocol/conversation.js';
import { refusal, type RefusalCode } from '../../../protocol/errors.js';
import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import { Outbox, type OutboxEntry } from '../../../widget/session/outbox.js';
import { ManualClock } from '../../support/manual-clock.js';
import { stroke } from '../../support/strokes.js';
import { platformOf } from './people.js';

interface Flight {
  readonly entry: OutboxEntry;
  answer(answer: Answer<{ readonly seq: number }>): Promise<void>;
  lose(): Promise<void>;
}

class Network {
  readonly clock = new ManualClock();
  /** What chance says: from 0 to less than 1. */
  chance = 0;
  readonly flights: Flight[] = [];
  readonly acknowledged: string[] = [];
  readonly refused: RefusalCode[] = [];
  readonly outbox = new Outbox(
    {
      send: entry =>
        new Promise((resolve, reject) => {
          const settled = (): Promise<void> => new Promise(done => setImmediate(done));
          this.flights.push({
            entry,
            answer: answer => (resolve(answer), settled()),
            lose: () => (reject(new Error('no answer')), settled()),
          });
        }),
      acknowledged: ({ id }) => this.acknowledged.push(id),
      refused: (_, { code }) => this.refused.push(code),
    },
    { ...platformOf(this.clock), random: () => this.chance },
  );

  /** Takes what was sent since it was last asked for. */
  sent(): Flight[] {
    return this.flights.splice(0);
  }
}

const say = (text: string): CommandBody => ({ type: 'message.post', text });
const draw = (): CommandBody => ({ type: 'shape.draw', shape: stroke() });
const kept = (seq: number) => ({ ok: true, seq }) as const;
const no = (code: RefusalCode, retryAfter?: number) => ({ ok: false, error: refusal(code, retryAfter) }) as const;
const bodies = (flights: readonly Flight[]): CommandBody[] => flights.map(({ entry }) => entry.body);

test('nothing is sent before it is opened, and messages go one behind the other', async () => {
  const network = new Network();
  const { outbox } = network;
  for (const text of ['1', '2']) outbox.add(say(text));
  assert.deepEqual(network.sent(), []);
  outbox.open();
  const [first] = network.sent();
  assert.deepEqual(first?.entry.body, say('1'));
  assert.equal(outbox.waiting, 2);
  await first.answer(kept(1));
  assert.deepEqual(bodies(network.sent()), [say('2')]);
  assert.equal(outbox.waiting, 1);
  // Acknowledged, but the timeline has not come so far: still to be shown.
  assert.equal([...outbox.entries].length, 2);
  assert.equal(outbox.retireUpTo(1).length, 1);
  assert.equal([...outbox.entries].length, 1);
});

test('strokes travel together; what follows them waits until they have arrived', async () => {
  const network = new Network();
  const { outbox } = network;
  outbox.open();
  const strokes = [draw(), draw(), draw()];
  for (const body of strokes) outbox.add(body);
  outbox.add({ type: 'board.clear' });
  outbox.add(draw());
  const flights = network.sent();
  assert.deepEqual(bodies(flights), strokes);
  await flights[0]?.answer(kept(1));
  await flights[2]?.answer(kept(3));
  assert.deepEqual(network.sent(), []);
  await flights[1]?.answer(kept(2));
  const [clear] = network.sent();
  assert.deepEqual(clear?.entry.body, { type: 'board.clear' });
  await clear.answer(kept(4));
  assert.equal(network.sent().length, 1);
});

test('what is put off is tried again after the time given, and nothing overtakes it', async () => {
  const network = new Network();
  const { outbox, clock } = network;
  outbox.open();
  for (const text of ['1', '2']) outbox.add(say(text));
  const [first] = network.sent();
  await first?.answer(no('rate_limited', 700));
  outbox.add(say('3'));
  clock.advance(699);
  assert.deepEqual(network.sent(), []);
  clock.advance(1);
  const [again] = network.sent();
  assert.equal(again?.entry.id, first?.entry.id);
  await again?.answer(kept(1));
  assert.deepEqual(bodies(network.sent()), [say('2')]);
});

test('many who are put off for the same time do not come back at one moment', async () => {
  const delays: number[] = [];
  for (const chance of [0, 0.5, 0.99]) {
    const network = new Network();
    const { outbox, clock } = network;
    network.chance = chance;
    outbox.open();
    outbox.add(say('1'));
    await network.sent()[0]?.answer(no('unavailable', 1_000));
    const from = clock.now();
    while (network.sent().length === 0) clock.advance(1);
    delays.push(clock.now() - from);
  }
  assert.deepEqual(delays, [1_000, 1_125, 1_248]);
});

test('after a lost connection everything without an answer is sent again, in order and under the same ids', async () => {
  const network = new Network();
  const { outbox } = network;
  outbox.open();
  const entries = [draw(), draw(), say('1')].map(body => outbox.add(body));
  const [first, second] = network.sent();
  await first?.answer(kept(1));
  outbox.shut();
  await second?.lose();
  assert.deepEqual(network.sent(), []);
  // One of them was found in the tail.
  assert.equal(outbox.retire(entries[1]?.id ?? '')?.id, entries[1]?.id);
  outbox.open();
  assert.deepEqual(
    network.sent().map(({ entry }) => entry.id),
    [entries[2]?.id],
  );
});

test('an answer that is lost while the connection stands leads to the same command again', async () => {
  const network = new Network();
  const { outbox, clock } = network;
  outbox.open();
  const { id } = outbox.add(say('1'));
  await network.sent()[0]?.lose();
  clock.advance(1_000);
  const [again] = network.sent();
  assert.equal(again?.entry.id, id);
  await again.answer(kept(1));
  assert.equal(outbox.waiting, 0);
});

test('an answer that arrives after its flight was given up counts all the same', async () => {
  const network = new Network();
  const { outbox } = network;
  outbox.open();
  outbox.add(say('1'));
  const [first] = network.sent();
  outbox.shut();
  outbox.open();
  const [second] = network.sent();
  await first?.answer(kept(1));
  await second?.answer(kept(1));
  assert.equal(network.acknowledged.length, 1);
  assert.equal(outbox.waiting, 0);
});

test('a refusal that will not pass leaves the outbox, and the next goes on', async () => {
  const network = new Network();
  const { outbox } = network;
  outbox.open();
  for (const text of ['1', '2']) outbox.add(say(text));
  await network.sent()[0]?.answer(no('role_forbidden'));
  assert.deepEqual(network.refused, ['role_forbidden']);
  assert.deepEqual(bodies(network.sent()), [say('2')]);
  assert.equal(outbox.waiting, 1);
});

test('what an earlier page left comes first, in its order; what is here already is not taken twice', async () => {
  const network = new Network();
  const { outbox } = network;
  outbox.add(say('new'));
  const again = outbox.add(say('here already'));
  const left = ['one', 'two'].map(text => ({
    id: text.padEnd(16, '-'),
    body: say(text),
    createdAt: network.clock.now(),
  }));
  assert.deepEqual(
    outbox.restore([...left, again]).map(({ body }) => body),
    [say('one'), say('two')],
  );
  assert.deepEqual(
    [...outbox.entries].map(({ body }) => body),
    ['one', 'two', 'new', 'here already'].map(say),
  );
  assert.equal(outbox.waiting, 4);
  outbox.open();
  for (const text of ['one', 'two', 'new', 'here already']) {
    const [flight] = network.sent();
    assert.deepEqual(flight?.entry.body, say(text));
    await flight.answer(kept(1));
  }
});

const DAY = 24 * 60 * 60_000;

test('what is older than 14 days is not sent, and what a clock ahead of ours has written counts as young', () => {
  const network = new Network();
  const { outbox, clock } = network;
  const at = (days: number) => ({ id: `${days}`.padEnd(16, '-'), body: draw(), createdAt: clock.now() - days * DAY });
  const taken = outbox.restore([at(15), at(13), at(-400)]);
  assert.equal(taken.length, 2);
  assert.deepEqual(network.refused, ['outbox_expired']);
  assert.equal(outbox.waiting, 2);
  // A page that slept for as long knows it too, before it sends.
  clock.advance(2 * DAY);
  outbox.open();
  assert.deepEqual(network.refused, ['outbox_expired', 'outbox_expired']);
  assert.deepEqual(
    network.sent().map(({ entry }) => entry.id),
    ['-400'.padEnd(16, '-')],
  );
});

test('what is full takes nothing more, and says so', () => {
  const { outbox } = new Network();
  for (let count = 0; count < 10_000; count += 1) outbox.add({ type: 'board.clear' });
  assert.throws(() => outbox.add(say('one too many')), { code: 'outbox_full' });
});
