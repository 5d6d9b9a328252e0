import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { RoomStorage } from '../../../server/domain/storage.js';
import { timelineTail } from '../../../server/realtime/timeline-tail.js';
import { roomKey } from '../../support/room-key.js';
import { posted } from '../../support/commands.js';

/** A timeline of so many messages of that length, which counts what is read of it. */
function timelineOf(count: number, length: number, floor = 0) {
  let read = 0;
  const events = Array.from({ length: count }, (_, index): AnyEvent => {
    const seq = index + 1;
    return { seq, prev: index, at: 0, by: 1, command: 'c', ...posted('x'.repeat(length)) };
  });
  const storage: Pick<RoomStorage, 'head' | 'tail'> = {
    head: () => Promise.resolve({ epoch: 'e', seq: count, floor, redactions: 3, title: 'lobby' }),
    tail: (_room, after, limit) => {
      const page = events.slice(after, after + limit);
      read += page.length;
      return Promise.resolve(page);
    },
  };
  return { storage, read: () => read };
}

test('a page of small events is read to its end', async () => {
  const { storage } = timelineOf(LIMITS.eventsPerPage + 7, 5);
  const seqs: number[] = [];
  for (let seq = 0; seq < LIMITS.eventsPerPage + 7; seq = seqs.at(-1) ?? 0) {
    const tail = await timelineTail(storage, roomKey('acme', 'lobby'), { epoch: 'e', seq });
    assert.ok(!tail.reset && tail.events.length <= LIMITS.eventsPerPage);
    seqs.push(...tail.events.map(event => event.seq));
  }
  assert.deepEqual(
    seqs,
    Array.from({ length: LIMITS.eventsPerPage + 7 }, (_, index) => index + 1),
  );
});

test('of large events no more are read than a page has use for', async () => {
  const { storage, read } = timelineOf(LIMITS.eventsPerPage, LIMITS.strokePoints);
  const tail = await timelineTail(storage, roomKey('acme', 'lobby'), { epoch: 'e', seq: 0 });
  assert.ok(!tail.reset);
  assert.equal(tail.events.length, 5);
  assert.ok(read() <= 50, `${read()} were read`);
});

test('who is behind what the log still holds takes a snapshot', async () => {
  const { storage } = timelineOf(10, 5, 4);
  const behind = await timelineTail(storage, roomKey('acme', 'lobby'), { epoch: 'e', seq: 3 });
  assert.deepEqual(behind, { reset: true, head: { epoch: 'e', seq: 10, redactions: 3 } });
  const near = await timelineTail(storage, roomKey('acme', 'lobby'), { epoch: 'e', seq: 4 });
  assert.ok(!near.reset && near.events.length === 6);
  assert.deepEqual(near.head, { epoch: 'e', seq: 10, redactions: 3 });
});
