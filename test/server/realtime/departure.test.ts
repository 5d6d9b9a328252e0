import assert from 'node:assert/strict';
import { setImmediate as nextRound } from 'node:timers/promises';
import { test } from 'node:test';

import { moveAway } from '../../../server/realtime/departure.js';
import { ManualClock } from '../../support/manual-clock.js';

/** So many people who are sent away, with the time of each. */
function people(count: number) {
  const clock = new ManualClock(0);
  const sent: { readonly person: number; readonly at: number; readonly retryAfter: number | undefined }[] = [];
  const connections = Array.from({ length: count }, (_, person) => ({
    bye: ({ retryAfter }: { readonly retryAfter?: number }) => void sent.push({ person, at: clock.now(), retryAfter }),
  }));
  const pass = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 10) {
      clock.advance(10);
      await nextRound();
    }
  };
  return { clock, sent, connections, pass };
}

test('people are sent elsewhere one after the other, in an order of chance, each to be there at once', async () => {
  const { clock, sent, connections, pass } = people(40);
  let isOver = false;
  const moving = moveAway(connections, 10_000, clock).then(() => (isOver = true));
  const atOnce = sent.length;
  assert.equal(atOnce, 1);
  await pass(1_000);
  assert.ok(sent.length > 15 && sent.length < 25, String(sent.length));
  assert.equal(isOver, false);
  await pass(1_000);
  await moving;
  assert.deepEqual(new Set(sent.map(({ person }) => person)).size, 40);
  assert.notDeepEqual(
    sent.map(({ person }) => person),
    sent.map(({ person }) => person).sort((one, other) => one - other),
  );
  for (const { retryAfter = 0 } of sent) assert.ok(retryAfter >= 50 && retryAfter <= 200, String(retryAfter));
});

test('many take longer, but no longer than they may', async () => {
  const many = people(2_000);
  const moving = moveAway(many.connections, 10_000, many.clock);
  await many.pass(3_000);
  assert.ok(many.sent.length > 1_400 && many.sent.length < 1_600, String(many.sent.length));
  await many.pass(1_000);
  await moving;

  const hurried = people(2_000);
  const hurrying = moveAway(hurried.connections, 500, hurried.clock);
  await hurried.pass(500);
  await hurrying;
  assert.equal(hurried.sent.length, 2_000);
});

test('nobody takes no time, nor one alone', async () => {
  for (const count of [0, 1]) {
    const { clock, sent, connections } = people(count);
    await moveAway(connections, 10_000, clock);
    assert.equal(sent.length, count);
  }
});
