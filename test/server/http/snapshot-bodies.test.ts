import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Snapshot } from '../../../protocol/timeline/state.js';
import type { RoomKey } from '../../../server/domain/room-key.js';
import { SnapshotBodies, snapshotTag } from '../../../server/http/snapshot-bodies.js';
import { roomKey } from '../../support/room-key.js';

test('empty rooms count too: those asked for longest ago are let go', async () => {
  const read: RoomKey[] = [];
  const empty: Snapshot = { epoch: 'e', seq: 0, people: [], messages: [], more: false, shapes: [] };
  const storage = {
    snapshot: (room: RoomKey) => {
      read.push(room);
      return Promise.resolve(empty);
    },
  };
  const bodies = new SnapshotBodies(storage, 10_000);
  const rooms = Array.from({ length: 20 }, (_, index) => roomKey('acme', `room-${index}`));
  for (const room of rooms) await bodies.body(room, snapshotTag(empty), 'identity');
  read.length = 0;
  const [first, last] = [rooms.at(0), rooms.at(-1)];
  assert.ok(first && last);
  await bodies.body(last, snapshotTag(empty), 'identity');
  assert.deepEqual(read, []);
  await bodies.body(first, snapshotTag(empty), 'identity');
  assert.deepEqual(read, [first]);
});
