import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CommandQueue } from '../../../server/domain/command-queue.js';
import type { RoomKey } from '../../../server/domain/room-key.js';
import { roomKey } from '../../support/room-key.js';

const A = roomKey('acme', 'a');
const B = roomKey('acme', 'b');
const C = roomKey('acme', 'c');

function queueOf(...items: readonly (readonly [RoomKey, string])[]): CommandQueue<string> {
  const queue = new CommandQueue<string>();
  for (const [room, item] of items) queue.add(room, item);
  return queue;
}

test('a room gets its items in the order in which they were added', () => {
  const queue = queueOf([A, 'a1'], [B, 'b1'], [A, 'a2'], [A, 'a3']);
  assert.deepEqual([queue.size, queue.sizeOf(A), queue.sizeOf(C)], [4, 3, 0]);
  assert.deepEqual(
    [...queue.take(10)],
    [
      [A, ['a1', 'a2', 'a3']],
      [B, ['b1']],
    ],
  );
  assert.deepEqual([queue.size, queue.take(10).size], [0, 0]);
});

test('a busy room takes what the others leave over', () => {
  const queue = queueOf([A, 'a1'], [A, 'a2'], [A, 'a3'], [A, 'a4'], [B, 'b1'], [C, 'c1'], [C, 'c2']);
  assert.deepEqual(Object.fromEntries(queue.take(5)), { [A]: ['a1', 'a2'], [B]: ['b1'], [C]: ['c1', 'c2'] });
  assert.deepEqual(Object.fromEntries(queue.take(5)), { [A]: ['a3', 'a4'] });
});

test('who was not served is served first the next time', () => {
  const queue = queueOf([A, 'a1'], [A, 'a2'], [B, 'b1'], [C, 'c1']);
  assert.deepEqual([...queue.take(2).keys()], [A, B]);
  queue.add(B, 'b2');
  assert.deepEqual([...queue.take(2).keys()], [C, A]);
  assert.deepEqual([...queue.take(2)], [[B, ['b2']]]);
});

test('what is put back comes first in its room', () => {
  const queue = queueOf([A, 'a1'], [A, 'a2']);
  const taken = queue.take(2).get(A) ?? [];
  queue.add(A, 'a3');
  queue.putBack(A, taken);
  queue.putBack(B, []);
  assert.equal(queue.size, 3);
  assert.deepEqual([...queue.take(9)], [[A, ['a1', 'a2', 'a3']]]);
});

test('a room that is not admitted keeps its items and its place, and is asked about once', () => {
  const queue = queueOf([A, 'a1'], [B, 'b1'], [C, 'c1'], [B, 'b2'], [C, 'c2']);
  const asked: RoomKey[] = [];
  const taken = queue.take(3, room => {
    asked.push(room);
    return room !== A;
  });
  assert.deepEqual(Object.fromEntries(taken), { [B]: ['b1', 'b2'], [C]: ['c1'] });
  assert.deepEqual(asked, [A, B, C]);
  assert.deepEqual([queue.size, queue.sizeOf(A)], [2, 1]);
  queue.add(B, 'b3');
  assert.deepEqual([...queue.take(9, room => room === C)], [[C, ['c2']]]);
  assert.equal(queue.size, 2);
  assert.deepEqual(
    [...queue.take(9)],
    [
      [A, ['a1']],
      [B, ['b3']],
    ],
  );
});

test('a room is emptied, and the others wait on', () => {
  const queue = queueOf([A, 'a1'], [B, 'b1'], [A, 'a2']);
  assert.deepEqual(queue.empty(A), ['a1', 'a2']);
  assert.deepEqual(queue.empty(C), []);
  assert.deepEqual([queue.size, queue.sizeOf(A)], [1, 0]);
  assert.deepEqual([...queue.take(9)], [[B, ['b1']]]);
});
