import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type ReadMark, ReadMarkBatch } from '../../../server/storage/read-mark-batch.js';
import { roomKey } from '../../support/room-key.js';

const ROOM = roomKey('acme', 'algebra');
const mark = (person: string, seq: number): ReadMark => ({ room: ROOM, person, seq });

test('positions gather while others are being kept, the farthest of each person', async () => {
  const written: (readonly ReadMark[])[] = [];
  const finish: (() => void)[] = [];
  const batch = new ReadMarkBatch(marks => {
    written.push(marks);
    return new Promise(resolve => finish.push(resolve));
  });
  const first = batch.add(mark('ann', 1));
  await Promise.resolve().then(() => undefined);
  const others = [mark('ann', 3), mark('ben', 2), mark('ann', 2)].map(next => batch.add(next));
  assert.deepEqual(written, [[mark('ann', 1)]]);
  finish.shift()?.();
  await first;
  await Promise.resolve().then(() => undefined);
  assert.deepEqual(written[1], [mark('ann', 3), mark('ben', 2)]);
  finish.shift()?.();
  await Promise.all(others);
});

test('one failure is told to those whose positions it lost alone', async () => {
  let failing = true;
  const batch = new ReadMarkBatch(async () => {
    if (failing) throw new Error('disk');
  });
  const lost = batch.add(mark('ann', 1));
  await assert.rejects(lost, /disk/);
  failing = false;
  await batch.add(mark('ann', 2));
});
