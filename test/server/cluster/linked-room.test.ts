import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';

import type { Peer } from '../../../protocol/conversation.js';
import { LinkedRoom } from '../../../server/cluster/redis/linked-room.js';
import type { Said } from '../../../server/cluster/redis/redis-message.js';
import { roomKey } from '../../support/room-key.js';
import { Heard, message, peer } from './heard.js';

/** Something that ends when the test says so. */
class Pending<Value> {
  end: (value: Value) => void = () => undefined;
  readonly promise = new Promise<Value>(resolve => (this.end = resolve));
}

/** A room whose Redis is the test. */
function linkedRoom() {
  const heard = new Heard();
  const said: Said[] = [];
  const subscribed = new Pending<undefined>();
  const read = new Pending<ReadonlyMap<string, readonly Peer[]>>();
  let reads = 0;
  const room = new LinkedRoom({
    room: roomKey('acme', 'algebra'),
    node: 'own',
    channel: { text: 'channel', part: 0 },
    listener: heard,
    outbox: { add: (_room, one) => said.push(one) },
    store: {
      put: async () => undefined,
      take: async () => undefined,
      forget: async () => undefined,
      read: () => {
        reads += 1;
        return read.promise;
      },
    },
    nodes: { isKnown: () => true, lives: () => true, await: () => undefined, beat: async () => true },
    attempt: () => undefined,
    onDoubt: () => undefined,
    onClosed: () => undefined,
  });
  const session = { subscribe: () => subscribed.promise };
  const begun = room.listen(session).then(() => room.read());
  return { room, heard, said, subscribed, read, begun, reads: () => reads };
}

test('what comes before the subscription is answered belongs to an earlier one', async () => {
  const { room, heard, subscribed, read, begun } = linkedRoom();

  // Bob left while nobody listened: that he came is heard all the same, late.
  room.hear({ node: 'n', said: [['came', [peer(2, 'Bob')]]] });
  subscribed.end(undefined);
  read.end(new Map([['n', [peer(1, 'Ada')]]]));
  await begun;

  assert.deepEqual(heard.people, ['n/1 Ada']);
});

test('who is there is read when it is listened, and what was heard meanwhile is taken after it', async () => {
  const { room, heard, said, subscribed, read, begun, reads } = linkedRoom();
  let isReady = false;
  void room.ready.then(() => (isReady = true));

  await nextRound();
  assert.equal(reads(), 0);
  subscribed.end(undefined);
  while (reads() === 0) await nextRound();
  room.hear({
    node: 'n',
    said: [
      ['left', [1]],
      ['came', [peer(3, 'Cy')]],
      ['kept', 'e', [message(1)]],
    ],
  });
  assert.deepEqual([heard.told, said, isReady], [[], [], false]);
  read.end(new Map([['n', [peer(1, 'Ada'), peer(2, 'Bob')]]]));
  await begun;
  await room.ready;

  assert.deepEqual(heard.people, ['n/2 Bob', 'n/3 Cy']);
  assert.equal(heard.of('events').length, 1);
  // Only now is asked for what they do: the answers are of people who are known.
  assert.deepEqual(said, [['here', []]]);
});

test('what is read for a session that is over is not taken', async () => {
  const { room, heard, subscribed, read, begun, reads } = linkedRoom();

  subscribed.end(undefined);
  while (reads() === 0) await nextRound();
  room.deafen();
  read.end(new Map([['n', [peer(1, 'Ada')]]]));
  await begun;

  assert.deepEqual(heard.told, []);
});

test('who was read and is told of as well is told of once, and again when they are called otherwise', async () => {
  const { room, heard, subscribed, read, begun } = linkedRoom();
  subscribed.end(undefined);
  read.end(new Map([['n', [peer(1, 'Ada')]]]));
  await begun;

  room.hear({ node: 'n', said: [['came', [peer(1, 'Ada')]]] });
  room.hear({ node: 'n', said: [['came', [peer(1, 'Ida'), peer(2, 'Bob')]]] });

  assert.deepEqual(heard.of('came'), [
    ['came', 'n', ['Ada']],
    ['came', 'n', ['Ida', 'Bob']],
  ]);
});
