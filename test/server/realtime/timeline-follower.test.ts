import assert from 'node:assert/strict';
import { setImmediate as nextRound } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';

import type { Position } from '../../../protocol/conversation.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { EVENTS } from '../../../protocol/timeline/evolve.js';
import { type RoomHead, type RoomStorage, StorageError } from '../../../server/domain/storage.js';
import { createLog } from '../../../server/log.js';
import { Metrics } from '../../../server/metrics/metrics.js';
import { AttendedRoom } from '../../../server/realtime/attended-room.js';
import { TimelineFollower } from '../../../server/realtime/timeline-follower.js';
import { ManualClock } from '../../support/manual-clock.js';
import { roomKey } from '../../support/room-key.js';
import { cleared } from '../../support/commands.js';
import { OtherNodes } from './other-nodes.js';

const ROOM = roomKey('acme', 'algebra');
/** The follower's rhythm, in milliseconds. */
const LOOK_EVERY = 1_000;
const UNDER_WAY = 500;

/** What was told: the epoch, and the seqs of the events. */
type Announced = readonly [epoch: string, ...seqs: number[]];

/**
 * A room in which somebody is, told up to `told`, of which the other nodes keep what the test says,
 * and a follower that looks after it.
 */
function followed(t: TestContext, told: Position | undefined) {
  const clock = new ManualClock();
  const nodes = new OtherNodes();
  const lines: string[] = [];
  const log = createLog('info', { write: line => lines.push(line) });
  const metrics = new Metrics();
  const unfinished = { hold: () => undefined, forget: () => undefined };
  const room = new AttendedRoom({
    ...{ key: ROOM, handle: 1, namespace: '/v1', clock, metrics },
    ...{ cluster: nodes, unfinished, events: EVENTS },
  });
  const announced: Announced[] = [];
  room.enter({ slow: false, keepPace: () => undefined, send: () => undefined }, { id: 'ann', name: 'Ann' }, 'member');
  const announce = room.announce.bind(room);
  room.announce = (epoch, events) => {
    announced.push([epoch, ...events.map(({ seq }) => seq)]);
    announce(epoch, events);
  };
  if (told) room.found(told);

  const kept = {
    epoch: 'e',
    seq: 0,
    floor: 0,
    fails: undefined as Error | undefined,
    turnFails: undefined as Error | undefined,
    looks: 0,
    turns: 0,
    onLook: () => {},
    onRead: () => {},
  };
  const head = (): RoomHead => ({ ...kept, redactions: 0, title: 'algebra' });
  const storage: Pick<RoomStorage, 'head' | 'heads' | 'tail' | 'turn'> = {
    turn: ([request]) => {
      kept.turns += 1;
      if (kept.turnFails) return Promise.reject(kept.turnFails);
      if (request?.told && request.told.epoch === kept.epoch && request.told.seq > kept.seq) kept.epoch += "'";
      return Promise.resolve();
    },
    head: () => Promise.resolve(head()),
    heads: rooms => {
      kept.looks += 1;
      if (kept.fails) return Promise.reject(kept.fails);
      const heads = new Map(kept.seq > 0 ? rooms.map(key => [key, head()]) : []);
      kept.onLook();
      return Promise.resolve(heads);
    },
    tail: (_room, after, limit) => {
      kept.onRead();
      const count = Math.min(limit, Math.max(0, kept.seq - after));
      return Promise.resolve(Array.from({ length: count }, (_, index) => event(after + 1 + index)));
    },
  };
  const follower = new TimelineFollower({
    ...{ storage, cluster: nodes, clock, metrics, log },
    attendedRooms: { all: [room] },
  });
  t.after(() => follower.close());
  const pass = async (milliseconds: number) => {
    clock.advance(milliseconds);
    await nextRound();
  };
  /** What is told by the next look, and the wait after it. */
  const look = async () => {
    await pass(LOOK_EVERY);
    await pass(UNDER_WAY);
    return announced.splice(0);
  };
  return { clock, nodes, room, kept, follower, pass, look, announced, lines };
}

function event(seq: number): AnyEvent {
  return { seq, prev: seq - 1, at: 0, by: 1, command: 'c', ...cleared() };
}

test('what nobody told is told, once', async t => {
  const { kept, look, lines } = followed(t, { epoch: 'e', seq: 3 });
  kept.seq = 3;
  assert.deepEqual(await look(), []);
  kept.seq = 5;
  assert.deepEqual(await look(), [['e', 4, 5]]);
  assert.match(lines.join(), /"rooms":1,"events":2/);
  assert.deepEqual(await look(), []);
});

test('what is on its way is waited for', async t => {
  const { kept, pass, room, announced } = followed(t, { epoch: 'e', seq: 3 });
  kept.seq = 4;
  await pass(LOOK_EVERY);
  await pass(UNDER_WAY - 1);
  room.announce('e', [event(4)]);
  announced.length = 0;
  await pass(1);
  assert.deepEqual(announced, []);
});

test('what comes while it is read is not told twice', async t => {
  const { kept, look, room } = followed(t, { epoch: 'e', seq: 3 });
  kept.seq = 4;
  kept.onRead = () => room.announce('e', [event(4)]);
  assert.deepEqual(await look(), [['e', 4]]);
});

test('of more than a page only the newest is told: clients ask for what is before it', async t => {
  const { kept, look } = followed(t, { epoch: 'e', seq: 3 });
  kept.seq = 3 + LIMITS.eventsPerPage;
  assert.equal((await look())[0]?.length, 1 + LIMITS.eventsPerPage);
  kept.seq += LIMITS.eventsPerPage + 1;
  assert.deepEqual(await look(), [['e', kept.seq]]);
  kept.seq += 1;
  assert.deepEqual(await look(), [['e', kept.seq]]);
});

test('another timeline is told, by its newest event or by none', async t => {
  const { kept, look } = followed(t, { epoch: 'e', seq: 3 });
  Object.assign(kept, { epoch: 'f', seq: 2 });
  assert.deepEqual(await look(), [['f', 2]]);
  Object.assign(kept, { epoch: 'g', seq: 0 });
  assert.deepEqual(await look(), [['g']]);
  assert.deepEqual(await look(), []);
});

test('where storage has lost what was told the room gets a new epoch, which is told', async t => {
  const { kept, look, lines } = followed(t, { epoch: 'e', seq: 5 });
  kept.seq = 3;
  assert.deepEqual(await look(), [["e'", 3]]);
  assert.match(lines.join(), /"told":5,"kept":3/);
  assert.deepEqual(await look(), []);
  kept.seq = 0;
  assert.deepEqual(await look(), [["e''"]]);
  assert.deepEqual(await look(), []);
});

test('that storage has lost what was told is logged, whatever fails after that', async t => {
  const { kept, look, lines } = followed(t, { epoch: 'e', seq: 5 });
  kept.seq = 3;
  kept.turnFails = new StorageError('on purpose');
  assert.deepEqual(await look(), []);
  assert.match(lines.join(), /lost what people were told/);
  kept.turnFails = undefined;
  assert.deepEqual(await look(), [["e'", 3]]);
});

test('what is told while storage is asked is not lost', async t => {
  const { kept, look, room } = followed(t, { epoch: 'e', seq: 3 });
  kept.seq = 3;
  kept.onLook = () => room.announce('e', [event(4)]);
  assert.deepEqual(await look(), [['e', 4]]);
  assert.equal(kept.turns, 0);
});

test('a room is not looked at before anybody has found its timeline', async t => {
  const { kept, look, room } = followed(t, undefined);
  kept.seq = 3;
  assert.deepEqual(await look(), []);
  room.found({ epoch: 'e', seq: 2 });
  assert.deepEqual(await look(), [['e', 3]]);
});

test('it looks at once when the others are heard again', async t => {
  const { kept, pass, nodes, announced } = followed(t, { epoch: 'e', seq: 3 });
  kept.seq = 4;
  nodes.connect(false);
  await pass(1);
  assert.equal(kept.looks, 0);
  nodes.connect(true);
  // While it looks already: then once more after that.
  nodes.connect(true);
  await pass(0);
  await pass(UNDER_WAY);
  assert.deepEqual(announced, [['e', 4]]);
  assert.equal(kept.looks, 2);
});

test('where storage fails it looks again; any other fault is logged as well', async t => {
  const { kept, look, lines } = followed(t, { epoch: 'e', seq: 3 });
  kept.seq = 4;
  kept.fails = new StorageError('on purpose');
  assert.deepEqual(await look(), []);
  assert.deepEqual(lines, []);
  kept.fails = new TypeError('on purpose');
  assert.deepEqual(await look(), []);
  assert.match(lines.join(), /TypeError/);
  kept.fails = undefined;
  assert.deepEqual(await look(), [['e', 4]]);
});

test('closed, it looks no more, though a look is under way', async t => {
  const { clock, nodes, kept, pass, announced, follower } = followed(t, { epoch: 'e', seq: 3 });
  kept.seq = 4;
  await pass(LOOK_EVERY);
  follower.close();
  follower.close();
  nodes.connect(true);
  await pass(10 * LOOK_EVERY);
  assert.deepEqual([announced, kept.looks], [[], 1]);
  // Only what belongs to the presence of a room.
  assert.equal(clock.waiting, 0);
});
