import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { LiveEntry } from '../../../protocol/conversation.js';
import type { InkBegin } from '../../../protocol/shapes/stroke.js';
import { LIMITS } from '../../../protocol/limits.js';
import { LiveRoom } from '../../../server/realtime/live/live-room.js';
import { type PresenceChange, PRESENCE_INTERVAL } from '../../../server/realtime/live/presence-news.js';
import { ManualClock } from '../../support/manual-clock.js';

const STROKE = ['strokeA1', 'blue', 4, -2, 0] as const;

/** A room with as many members as names are given, who all have come and been told of. */
function roomOf(...names: string[]) {
  const clock = new ManualClock();
  const frames: (readonly (number | LiveEntry)[])[] = [];
  const changes: PresenceChange[] = [];
  const unfinished: (readonly [peer: number, ink: InkBegin])[] = [];
  const dropped: (readonly [peer: number, shape: string])[] = [];
  const room = new LiveRoom({
    clock,
    onFrame: pairs => frames.push(pairs),
    onPresence: change => changes.push(change),
    onUnfinished: ({ peer }, ink) => unfinished.push([peer, ink]),
    onDropped: ({ peer }, shape) => dropped.push([peer, shape]),
  });
  const peers = names.map(name => room.enter({ id: name, name }, 'member'));
  clock.advance(PRESENCE_INTERVAL);
  changes.length = 0;
  return { clock, room, frames, changes, unfinished, dropped, peers: peers as [number, number] };
}

test('the first step after a rest is told at once, what follows within a tick as one frame', () => {
  const { clock, room, frames, peers } = roomOf('ann', 'bob');
  const [ann, bob] = peers;
  room.take(ann, [['ink', ...STROKE, 'CC']]);
  clock.advance(0);
  assert.deepEqual(frames, [[ann, ['ink', ...STROKE, 'CC']]]);
  room.take(ann, [['more', 'DD']]);
  room.take(ann, [
    ['more', 'EE'],
    ['at', 1, 2],
  ]);
  room.take(bob, [['at', 5, 5]]);
  room.take(bob, [['at', 7, 8]]);
  clock.advance(LIMITS.liveInterval - 1);
  assert.equal(frames.length, 1);
  clock.advance(1);
  assert.deepEqual(frames.slice(1), [[ann, 'DDEE', ann, ['at', 1, 2], bob, ['at', 7, 8]]]);
});

test('points that follow a beginning in the same tick are told with it', () => {
  const { clock, room, frames, peers } = roomOf('ann', 'bob');
  room.take(peers[0], [
    ['ink', ...STROKE, 'CC'],
    ['more', 'DD'],
  ]);
  room.take(peers[0], [['more', 'EE']]);
  clock.advance(0);
  assert.deepEqual(frames, [[peers[0], ['ink', ...STROKE, 'CCDDEE']]]);
});

test('the end of one stroke and the beginning of the next keep their order', () => {
  const { clock, room, frames, peers } = roomOf('ann', 'bob');
  room.take(peers[0], [['ink', ...STROKE, 'CC']]);
  clock.advance(0);
  const next = ['strokeB2', 'red', 2, 0, 0] as const;
  room.take(peers[0], [['more', 'DD'], ['drop'], ['ink', ...next, 'EE']]);
  clock.advance(LIMITS.liveInterval);
  assert.deepEqual(frames[1], [peers[0], ['drop'], peers[0], ['ink', ...next, 'EE']]);
});

test('who comes in the middle is given the strokes in progress as they are so far', () => {
  const { room, peers } = roomOf('ann', 'bob');
  room.take(peers[0], [
    ['ink', ...STROKE, 'CC'],
    ['more', 'DD'],
  ]);
  assert.deepEqual(room.ink, [{ peer: peers[0], ink: [...STROKE, 'CCDD'] }]);
  room.take(peers[0], [['drop']]);
  assert.deepEqual(room.ink, []);
});

test('a stroke that is on the timeline is no longer in progress, and no more is told of it', () => {
  const { clock, room, frames, peers } = roomOf('ann', 'bob');
  room.take(peers[0], [['ink', ...STROKE, 'CC']]);
  clock.advance(0);
  room.take(peers[0], [
    ['more', 'DD'],
    ['at', 3, 4],
  ]);
  room.finishInk([STROKE[0]]);
  clock.advance(LIMITS.liveInterval);
  assert.deepEqual(frames.slice(1), [[peers[0], ['at', 3, 4]]]);
  assert.deepEqual(room.ink, []);
  room.take(peers[0], [['more', 'EE']]);
  clock.advance(LIMITS.liveInterval);
  assert.equal(frames.length, 2);
});

test('a stroke in progress is held to the length of a stroke', () => {
  const { room, peers } = roomOf('ann', 'bob');
  room.take(peers[0], [['ink', ...STROKE, 'CC']]);
  for (let sent = 0; sent < 60_000; sent += 2_000) room.take(peers[0], [['more', 'D'.repeat(2_000)]]);
  assert.ok((room.ink[0]?.ink[5].length ?? 0) <= LIMITS.strokePoints);
});

test('a viewer does nothing that others see, and who becomes one stops', () => {
  const { clock, room, frames, changes, peers } = roomOf('ann', 'bob');
  const eve = room.enter({ id: 'eve', name: 'Eve' }, 'viewer');
  room.take(eve, [
    ['ink', ...STROKE, 'CC'],
    ['at', 1, 1],
    ['type', 1],
  ]);
  clock.advance(1_000);
  assert.equal(frames.length, 0);
  room.take(peers[0], [
    ['ink', ...STROKE, 'CC'],
    ['type', 1],
  ]);
  clock.advance(1_000);
  room.change(peers[0], { id: 'ann', name: 'Ann' }, 'viewer');
  clock.advance(1_000);
  assert.deepEqual(frames.at(-1), [peers[0], ['drop'], peers[0], ['away'], peers[0], ['type', 0]]);
  assert.deepEqual(changes.at(-1)?.came, [{ peer: peers[0], person: { id: 'ann', name: 'Ann' }, role: 'viewer' }]);
});

test('of who leaves in the middle of a stroke all there is of it is told', () => {
  const { room, unfinished, dropped, peers } = roomOf('ann', 'bob');
  const [ann, bob] = peers;
  room.take(ann, [
    ['ink', ...STROKE, 'CC'],
    ['more', 'DD'],
  ]);
  room.leave(bob);
  assert.deepEqual(unfinished, []);
  room.leave(ann);
  room.leave(ann);
  assert.deepEqual(unfinished, [[ann, [...STROKE, 'CCDD']]]);
  assert.deepEqual(dropped, []);
});

test('what is settled, dropped, followed by another stroke or a viewer’s is not unfinished', () => {
  const { room, unfinished, dropped, peers } = roomOf('ann', 'bob', 'cy', 'dan');
  const [ann, bob, cy, dan] = peers as readonly number[] as readonly [number, number, number, number];
  room.take(ann, [['ink', ...STROKE, 'CC']]);
  room.finishInk([STROKE[0]]);
  room.take(bob, [['ink', 'strokeB2', 'red', 2, 0, 0, 'CC'], ['drop'], ['drop']]);
  room.take(cy, [['ink', 'strokeC3', 'red', 2, 0, 0, 'CC']]);
  room.change(cy, { id: 'cy', name: 'Cy' }, 'viewer');
  room.take(dan, [
    ['ink', 'strokeD4', 'red', 2, 0, 0, 'CC'],
    ['ink', 'strokeE5', 'red', 2, 0, 0, 'EE'],
  ]);
  for (const peer of peers) room.leave(peer);
  assert.deepEqual(unfinished, [[dan, ['strokeE5', 'red', 2, 0, 0, 'EE']]]);
  assert.deepEqual(dropped, [[bob, 'strokeB2']]);
});

test('who goes on by a new connection takes the stroke over from the one that only seems to be there', () => {
  const { clock, room, frames, unfinished, dropped, peers } = roomOf('ann', 'bob');
  const [ann, bob] = peers;
  room.take(ann, [['ink', ...STROKE, 'CCDD']]);
  // A shape of the same name is another person's own affair.
  room.take(bob, [['ink', ...STROKE, 'EE']]);
  clock.advance(LIMITS.liveInterval);
  frames.length = 0;
  const again = room.enter({ id: 'ann', name: 'Ann' }, 'member');
  room.take(again, [['ink', ...STROKE, 'CC']]);
  clock.advance(LIMITS.liveInterval);
  assert.deepEqual(frames, [[ann, ['drop'], again, ['ink', ...STROKE, 'CC']]]);
  assert.deepEqual(unfinished, [[ann, [...STROKE, 'CCDD']]]);
  assert.deepEqual(dropped, []);
  assert.deepEqual([room.isDrawing('ann', STROKE[0]), room.isDrawing('cy', STROKE[0])], [true, false]);
  room.leave(ann);
  assert.equal(unfinished.length, 1);
});

test('all that is in progress is given away before the server goes', () => {
  const { room, unfinished, peers } = roomOf('ann', 'bob', 'cy');
  room.take(peers[0], [['ink', ...STROKE, 'CC']]);
  room.take(peers[1], [['ink', 'strokeB2', 'red', 2, 0, 0, 'EE']]);
  room.release();
  assert.deepEqual(
    unfinished.map(([peer]) => peer),
    [peers[0], peers[1]],
  );
});

test('typing that is not said again ends by itself', () => {
  const { clock, room, frames, peers } = roomOf('ann', 'bob');
  room.take(peers[0], [['type', 1]]);
  clock.advance(LIMITS.typingLasts - 1_000);
  room.take(peers[0], [['type', 1]]);
  clock.advance(LIMITS.typingLasts - 1);
  assert.deepEqual(frames.at(-1), [peers[0], ['type', 1]]);
  clock.advance(LIMITS.liveInterval + 1);
  assert.deepEqual(frames.at(-1), [peers[0], ['type', 0]]);
});

test('no more than ten changes of presence a second, and all of them told', () => {
  const { clock, room, changes, peers } = roomOf('ann', 'bob');
  for (let step = 0; step < 100; step += 1) {
    const cy = room.enter({ id: 'cy', name: 'Cy' }, 'member');
    room.leave(cy);
    clock.advance(10);
  }
  room.leave(peers[1]);
  clock.advance(PRESENCE_INTERVAL);
  assert.ok(changes.length <= 12, String(changes.length));
  assert.equal(changes.at(-1)?.count, 1);
  assert.deepEqual(new Set(changes.flatMap(({ left }) => left)).size, 101);
});

test('a busy room has a longer tick', () => {
  const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
  const { clock, room, frames, peers } = roomOf(...names);
  const moveAll = () => {
    for (const peer of peers) room.take(peer, [['at', peer, 0]]);
  };
  moveAll();
  clock.advance(0);
  moveAll();
  clock.advance(LIMITS.liveIntervalBusy - 1);
  assert.equal(frames.length, 1);
  clock.advance(1);
  assert.equal(frames.length, 2);
});

test('alone there is nobody to tell, and at rest nothing runs', () => {
  const { clock, room, frames, peers } = roomOf('ann');
  room.take(peers[0], [
    ['at', 1, 2],
    ['type', 1],
  ]);
  clock.advance(60_000);
  assert.deepEqual(frames, []);
  assert.equal(clock.waiting, 0);
  room.leave(peers[0]);
  assert.equal(clock.waiting, 0);
});

test('who is on another node is counted and seen like everyone, and is no reader', () => {
  const { clock, room, frames, changes, peers } = roomOf('ann');
  const bob = room.enter({ id: 'bob', name: 'Bob' }, 'member', 'elsewhere');
  clock.advance(PRESENCE_INTERVAL);
  assert.deepEqual(changes.at(-1), {
    came: [{ peer: bob, person: { id: 'bob', name: 'Bob' }, role: 'member' }],
    left: [],
    count: 2,
  });
  assert.deepEqual(
    room.list(peers[0]).map(({ peer }) => peer),
    [peers[0], bob],
  );
  // Ann, the only reader here, skips what is her own.
  room.take(peers[0], [['at', 1, 2]]);
  clock.advance(LIMITS.liveInterval);
  assert.deepEqual(frames, []);
  room.take(peers[0], [['at', 3, 4]]);
  room.take(bob, [['at', 5, 6]]);
  clock.advance(LIMITS.liveInterval);
  assert.deepEqual(frames, [[peers[0], ['at', 3, 4], bob, ['at', 5, 6]]]);
  room.leave(peers[0]);
  room.take(bob, [['at', 7, 8]]);
  room.enter({ id: 'cy', name: 'Cy' }, 'member', 'elsewhere');
  clock.advance(PRESENCE_INTERVAL);
  assert.equal(frames.length, 1);
  assert.equal(changes.length, 1);
});

test('what somebody of another node is drawing is kept there, unless the node is lost', () => {
  const { room, unfinished, peers } = roomOf('ann');
  const enter = (name: string) => room.enter({ id: name, name }, 'member', 'elsewhere');
  const [bob, cy, dan] = [enter('bob'), enter('cy'), enter('dan')];
  for (const peer of [peers[0], bob, cy, dan]) room.take(peer, [['ink', `stroke${peer}x`, 'red', 2, 0, 0, 'CC']]);
  assert.deepEqual(
    room.inkFromHere.map(({ peer }) => peer),
    [peers[0]],
  );
  room.leave(bob);
  // He goes on by a connection to this node.
  room.take(room.enter({ id: 'cy', name: 'cy' }, 'member'), [['ink', `stroke${cy}x`, 'red', 2, 0, 0, 'CCDD']]);
  assert.equal(unfinished.length, 0);
  room.lose(dan);
  room.lose(dan);
  assert.deepEqual(unfinished, [[dan, [`stroke${dan}x`, 'red', 2, 0, 0, 'CC']]]);
  unfinished.length = 0;
  room.release();
  assert.deepEqual(
    unfinished.map(([peer]) => peer),
    [peers[0], dan + 1],
  );
});
