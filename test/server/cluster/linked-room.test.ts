import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';

import type { Peer } from '../../../protocol/conversation.js';
import { LinkedRoom } from '../../../server/cluster/redis/linked-room.js';
import type { Said } from '../../../server/cluster/redis/redis-message.js';
import { roomKey } from '../../support/room-key.js';
import { Heard, message, peer } from './heard.js';

/** What a read of the room answers: by node, who is there. */
type Here = ReadonlyMap<string, readonly Peer[]>;

/** A promise that resolves when the test says so. */
class Pending<Value> {
  end: (value: Value) => void = () => undefined;
  readonly promise = new Promise<Value>(resolve => (this.end = resolve));
}

/** A room whose Redis is the test. */
function linkedRoom() {
  const heard = new Heard();
  const said: Said[] = [];
  const subscribed = new Pending<undefined>();
  const read = new Pending<Here>();
  const living = new Set(['n']);
  let [reads, doubts, reading] = [0, 0, read.promise];
  const room = new LinkedRoom({
    room: roomKey('acme', 'algebra'),
    node: 'own',
    channel: { text: 'channel', part: 0 },
    listener: heard,
    batch: { add: (_room, one) => said.push(one) },
    store: {
      put: async () => undefined,
      take: async () => undefined,
      forget: async () => undefined,
      read: () => {
        reads += 1;
        return reading;
      },
    },
    nodes: {
      isKnown: () => true,
      lives: node => living.has(node),
      await: () => undefined,
      beat: async () => undefined,
    },
    attempt: () => undefined,
    onDoubt: () => (doubts += 1),
    onClosed: () => undefined,
  });
  const session = { subscribe: () => subscribed.promise };
  const begun = room.listen(session).then(() => room.read());
  /** Redis was away, and this is read when it is there again. No other node is seen to live yet. */
  const outage = async (here: Here) => {
    room.suspend();
    living.clear();
    reading = Promise.resolve(here);
    await room.listen({ subscribe: async () => undefined });
    await room.read();
  };
  return { room, heard, said, subscribed, read, begun, outage, reads: () => reads, doubts: () => doubts };
}

/** A room that has begun, with these people of the node `n`. */
async function roomWith(...peers: readonly Peer[]) {
  const linked = linkedRoom();
  linked.subscribed.end(undefined);
  linked.read.end(new Map([['n', peers]]));
  await linked.begun;
  return linked;
}

test('what comes before the subscription is answered belongs to an earlier one', async () => {
  const { room, heard, subscribed, read, begun } = linkedRoom();

  // Bob left while nobody listened: that he came is heard all the same, late.
  room.receive({ node: 'n', said: [['came', [peer(2, 'Bob')]]] });
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
  room.receive({
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
  room.suspend();
  read.end(new Map([['n', [peer(1, 'Ada')]]]));
  await begun;

  assert.deepEqual(heard.told, []);
});

test('who was read and is told of as well is told of once, and again when they are called otherwise', async () => {
  const { room, heard, subscribed, read, begun } = linkedRoom();
  subscribed.end(undefined);
  read.end(new Map([['n', [peer(1, 'Ada')]]]));
  await begun;

  room.receive({ node: 'n', said: [['came', [peer(1, 'Ada')]]] });
  room.receive({ node: 'n', said: [['came', [peer(1, 'Ida'), peer(2, 'Bob')]]] });

  assert.deepEqual(heard.of('came'), [
    ['came', 'n', ['Ada']],
    ['came', 'n', ['Ida', 'Bob']],
  ]);
});

for (const [whoIsLeft, here] of [
  ['nobody', []],
  ['somebody', [peer(1, 'Ada')]],
] as const) {
  test(`after an outage whoever is not written has left, where ${whoIsLeft} is, though their node was seen to live later than it was read`, async () => {
    const { room, heard, outage, doubts } = await roomWith(peer(1, 'Ada'), peer(2, 'Bob'));
    // That they left was told before this node listened again.
    await outage(new Map([['n', here]]));
    const before = doubts();

    room.found('n');
    // The node may have been read before it wrote, and then says so itself.
    assert.deepEqual(heard.people, ['n/1 Ada', 'n/2 Bob']);
    assert.ok(doubts() > before, 'somebody is to settle it');
    room.resolveDoubts();

    assert.deepEqual(
      heard.people,
      here.map(({ peer: number, person }) => `n/${number} ${person.name}`),
    );
  });
}

test('after an outage whoever is told of by a node that is not seen to live yet stays when it is', async () => {
  const { room, heard, outage } = await roomWith(peer(1, 'Ada'));
  await outage(new Map([['n', [peer(2, 'Bob')]]]));

  room.receive({
    node: 'n',
    said: [
      ['came', [peer(1, 'Ada'), peer(3, 'Cy')]],
      ['left', [2]],
    ],
  });
  room.found('n');
  room.resolveDoubts();

  assert.deepEqual(heard.people, ['n/1 Ada', 'n/3 Cy']);
});

test('after an outage nobody seems to have left whose node says who is there', async () => {
  const { room, heard, outage } = await roomWith(peer(1, 'Ada'), peer(2, 'Bob'));
  await outage(new Map());

  room.found('n');
  room.receive({ node: 'n', said: [['here', [peer(1, 'Ada'), peer(2, 'Bob')]]] });
  room.resolveDoubts();

  assert.deepEqual(heard.of('left'), []);
});
