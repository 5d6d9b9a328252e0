import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newCommandId } from '../../protocol/names.js';
import { onlyWhileConnected } from '../../server/only-while-connected.js';
import { roomKey } from '../support/room-key.js';
import { actor } from '../support/rooms.js';
import { post } from '../support/commands.js';

test('commands are given to rooms only while the other nodes are heard', async () => {
  const ROOM = roomKey('acme', 'algebra');
  const cluster = { connected: true };
  let taken = 0;
  let keep: (seq: number) => void = () => assert.fail();
  const rooms = onlyWhileConnected({ submit: () => ((taken += 1), new Promise(resolve => (keep = resolve))) }, cluster);
  const say = () => rooms.submit(ROOM, actor('Ann'), { id: newCommandId(), body: post('a') });
  const early = say();
  cluster.connected = false;
  await assert.rejects(say(), { code: 'unavailable', retryAfter: 1_000 });
  assert.equal(taken, 1);
  // It is kept, so it is said.
  keep(7);
  assert.equal(await early, 7);
});
