import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { ManualClock } from '../../support/manual-clock.js';
import { roomKey } from '../../support/room-key.js';
import { actor, storageWithAcme, RoomsUnderTest, WatchedStorage } from '../../support/rooms.js';

const ROOM = roomKey('acme', 'algebra');
const ANN = actor('Ann');

/** Rooms that were busy a moment ago, so that their next turn waits for company. */
async function busyRooms(t: TestContext) {
  const clock = new ManualClock();
  const storage = new WatchedStorage(await storageWithAcme(t));
  const under = new RoomsUnderTest(storage, {}, (delay, task) => clock.after(delay, task));
  const release = storage.holdUp();
  const first = under.say(ROOM, ANN, 'alone');
  const many = Array.from({ length: 100 }, (_, index) => under.say(ROOM, ANN, `text ${index}`));
  release();
  await first;
  // The first turn carried one command, so the hundred beside it waited for nothing but its end.
  await Promise.all(many);
  assert.deepEqual(storage.turns, [1, 1]);
  return { clock, storage, under };
}

test('where it is busy a turn waits for company, and no longer', async t => {
  const { clock, storage, under } = await busyRooms(t);
  const given = [under.say(ROOM, ANN, 'one'), under.say(ROOM, ANN, 'two')];
  assert.equal(clock.waiting, 1);
  clock.advance(9);
  assert.equal(storage.turns.length, 2);
  given.push(under.say(ROOM, ANN, 'three'));
  clock.advance(1);
  await Promise.all(given);
  assert.equal(storage.turns.length, 3, 'all three shared one turn');
});

test('what waits for company is kept at once when the rooms close', async t => {
  const { clock, under } = await busyRooms(t);
  const given = under.say(ROOM, ANN, 'last words');
  await under.rooms.close();
  assert.ok((await given) > 0);
  assert.equal(clock.waiting, 1, 'the clock never moved');
});
