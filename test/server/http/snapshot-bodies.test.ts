import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Snapshot } from '../../../protocol/timeline/state.js';
import type { RoomKey } from '../../../server/domain/room-key.js';
import { SnapshotBodies } from '../../../server/http/snapshot-bodies.js';
import { roomKey } from '../../support/room-key.js';

test('empty rooms count too: those asked for longest ago are let go', async () => {
  const read: RoomKey[] = [];
  const head = { epoch: 'e', seq: 0, redactions: 0 };
  const empty: Snapshot = { ...head, people: [], messages: [], more: false, shapes: [], settings: [] };
  const storage = {
    snapshot: (room: RoomKey) => {
      read.push(room);
      return Promise.resolve(empty);
    },
  };
  const bodies = new SnapshotBodies(storage, 10_000);
  const rooms = Array.from({ length: 20 }, (_, index) => roomKey('acme', `room-${index}`));
  for (const room of rooms) await bodies.body(room, { ...empty, floor: 0 }, 'identity');
  read.length = 0;
  const [first, last] = [rooms.at(0), rooms.at(-1)];
  assert.ok(first && last);
  await bodies.body(last, { ...empty, floor: 0 }, 'identity');
  assert.deepEqual(read, []);
  await bodies.body(first, { ...empty, floor: 0 }, 'identity');
  assert.deepEqual(read, [first]);
});

test('what was forgotten since is read anew, though nothing was added', async () => {
  let messages: Snapshot['messages'] = [{ seq: 1, by: 1, at: 0, text: 'old' }];
  const state = { epoch: 'e', seq: 1, redactions: 0 };
  const storage = {
    snapshot: () =>
      Promise.resolve<Snapshot>({ ...state, people: [], messages, more: false, shapes: [], settings: [] }),
  };
  const bodies = new SnapshotBodies(storage);
  const room = roomKey('acme', 'lobby');
  const before = await bodies.body(room, { ...state, floor: 0 }, 'identity');
  messages = [];
  const after = await bodies.body(room, { ...state, floor: 1 }, 'identity');
  assert.match(before.bytes.toString(), /old/);
  assert.doesNotMatch(after.bytes.toString(), /old/);
  assert.notEqual(after.etag, before.etag);
});

test('what was erased for good since is read anew, though the timeline stands where it stood', async () => {
  const state = { epoch: 'e', seq: 1, floor: 0, redactions: 0 };
  let redactions = 0;
  const nothing = { people: [], messages: [], more: false, shapes: [], settings: [] };
  const bodies = new SnapshotBodies({
    snapshot: () => Promise.resolve<Snapshot>({ epoch: 'e', seq: 1, redactions, ...nothing }),
  });
  const room = roomKey('acme', 'lobby');
  const before = await bodies.body(room, state, 'identity');
  redactions = 1;
  const after = await bodies.body(room, { ...state, redactions }, 'identity');
  assert.notEqual(after.etag, before.etag);
  assert.match(after.bytes.toString(), /"redactions":1/);
});
