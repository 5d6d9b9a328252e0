import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PacedQueue } from '../../server/paced-queue.js';

/** A queue whose rounds the test makes, each as long as it says. */
function pacedQueue(limit = Infinity) {
  let now = 0;
  const rounds: (() => void)[] = [];
  const released: number[] = [];
  const refused: number[] = [];
  const gone = new Set<number>();
  const queue = new PacedQueue<number>({
    limit,
    fastest: 1_000,
    refuse: item => refused.push(item),
    isGone: item => gone.has(item),
    release: item => released.push(item),
    nextRound: task => rounds.push(task),
    now: () => now,
  });
  /** Goes through so many rounds; says how many were let through. */
  const go = (count: number, milliseconds: number) => {
    const before = released.length;
    for (let round = 0; round < count; round += 1) {
      now += milliseconds;
      rounds.shift()?.();
    }
    return released.length - before;
  };
  const add = (count: number) => {
    for (let item = 0; item < count; item += 1) queue.add(item, 'one');
  };
  return { queue, released, refused, gone, rounds, go, add };
}

test('a few pass at once, in their order', () => {
  const { released, rounds, go, add } = pacedQueue();
  add(5);
  go(1, 0.1);
  assert.deepEqual(released, [0, 1, 2, 3, 4]);
  assert.equal(rounds.length, 0);
});

test('of many no more pass in a second than the pace allows, while rounds are short', () => {
  const { go, add } = pacedQueue();
  add(5_000);
  const first = go(1_000, 1);
  assert.ok(first >= 900 && first <= 1_010, String(first));
});

test('after long rounds fewer pass, and more again when they are short', () => {
  const { go, add } = pacedQueue();
  add(10_000);
  go(20, 50);
  const slow = go(20, 50);
  assert.ok(slow >= 195 && slow <= 205, `${slow} in a second`);
  go(2_000, 1);
  const fast = go(1_000, 1);
  assert.ok(fast > 900, `${fast} in a second`);
});

test('after a rest it is as fast as ever', () => {
  const { go, add } = pacedQueue();
  add(50);
  while (go(1, 50) > 0);
  go(1, 10_000);
  add(1_000);
  assert.ok(go(500, 1) > 400);
});

test('of too many the last of the longest line makes room', () => {
  const { queue, released, refused, go } = pacedQueue(3);
  for (const item of [1, 2, 3, 4]) queue.add(item, 'flood');
  assert.deepEqual(refused, [4]);
  queue.add(9, 'other');
  assert.deepEqual(refused, [4, 3]);
  assert.equal(queue.waiting, 3);
  go(1, 1);
  assert.deepEqual(released, [1, 9, 2]);
});

test('who sends one does not wait for those who send many', () => {
  const { queue, released, add, go } = pacedQueue();
  add(5_000);
  go(10, 50);
  queue.add(-1, 'other');
  const before = released.length;
  go(1, 50);
  assert.ok(released.slice(before).indexOf(-1) <= 1, 'it came with the next ones');
});

test('behind whom nobody is any more costs nothing of the pace', () => {
  const { queue, released, gone, add, go } = pacedQueue();
  add(3_000);
  for (let item = 0; item < 3_000; item += 1) gone.add(item);
  queue.add(9_000, 'one');
  go(1, 1);
  assert.deepEqual(released, [9_000]);
  assert.equal(queue.waiting, 0);
});
