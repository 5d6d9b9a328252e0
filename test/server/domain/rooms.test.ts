import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encodeTimes } from '../../../protocol/ink.js';
import { LIMITS } from '../../../protocol/limits.js';
import { newCommandId } from '../../../protocol/names.js';
import { StorageError } from '../../../server/domain/storage.js';
import { roomKey } from '../../support/room-key.js';
import { actor, storageWithAcme, RoomsUnderTest, WatchedStorage } from '../../support/rooms.js';
import { stroke } from '../../support/strokes.js';
import { draw, erase, isDrawn, isEntered, isPosted, post, typesOf, undo } from '../../support/commands.js';

const ROOM = roomKey('acme', 'algebra');
const [ANN, BEN] = [actor('Ann'), actor('Ben')];

test('commands of a room are kept and told in the order in which they were submitted', async t => {
  const storage = await storageWithAcme(t);
  const rooms = new RoomsUnderTest(storage, { turn: 7 });
  const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);
  const seqs = await Promise.all(texts.map((text, index) => rooms.say(ROOM, index % 2 ? ANN : BEN, text)));
  assert.deepEqual(
    seqs,
    [...seqs].sort((one, other) => one - other),
  );
  const events = rooms.timeline(ROOM);
  assert.deepEqual(
    events.flatMap(event => (isPosted(event) ? [event.text] : [])),
    texts,
  );
  assert.deepEqual(
    events.map(({ prev }) => prev),
    events.map(({ seq }) => seq - 1),
  );
  assert.deepEqual(await storage.tail(ROOM, 0, 1_000), events);
});

test('a person is introduced once, and again under a new name, with an index of their own', async t => {
  const under = new RoomsUnderTest(await storageWithAcme(t));
  await under.say(ROOM, ANN, 'one');
  await under.say(ROOM, BEN, 'two');
  await under.say(ROOM, ANN, 'three');
  const renamed = { person: { id: 'ann', name: 'Ann B.' }, role: 'member' } as const;
  await under.say(ROOM, renamed, 'four');
  const told = under.timeline(ROOM).map(event => [event.by, isEntered(event) ? event.person : typesOf([event])[0]]);
  assert.deepEqual(told, [
    [1, ANN.person],
    [1, 'posted'],
    [2, BEN.person],
    [2, 'posted'],
    [1, 'posted'],
    [1, renamed.person],
    [1, 'posted'],
  ]);
  const [entered, posted] = under.timeline(ROOM);
  assert.equal(entered?.command, posted?.command, 'both come from the one command');
});

test('while one turn is in flight the next one gathers, over all rooms', async t => {
  const storage = new WatchedStorage(await storageWithAcme(t));
  const under = new RoomsUnderTest(storage);
  const release = storage.holdUp();
  const first = under.say(ROOM, ANN, 'alone');
  const others = Array.from({ length: 90 }, (_, index) => under.say(roomKey('acme', `room-${index % 9}`), ANN, 'x'));
  assert.equal(under.rooms.counters.waiting, 90);
  release();
  await Promise.all([first, ...others]);
  assert.deepEqual(storage.turns, [1, 9]);
  assert.equal(under.announced.length, 10, 'each room is told once a turn');
});

test('where more waits storage is at the next turn while people are told of this one, in order', async t => {
  const storage = new WatchedStorage(await storageWithAcme(t));
  const under = new RoomsUnderTest(storage);
  const release = storage.holdUp();
  const begun: number[] = [];
  under.onAnnounce = () => begun.push(storage.turns.length);
  const first = under.say(ROOM, ANN, 'one');
  const second = under.say(ROOM, ANN, 'two');
  release();
  assert.deepEqual(await Promise.all([first, second]), [2, 3]);
  assert.deepEqual(begun, [2, 2], 'the second turn had begun when the first was told');
  assert.deepEqual(
    under.announced.map(({ events }) => events.map(({ seq }) => seq)),
    [[1, 2], [3]],
  );
});

test('nobody is told of anything before it is kept, and everybody before the author is answered', async t => {
  const inner = await storageWithAcme(t);
  const storage = new WatchedStorage(inner);
  const under = new RoomsUnderTest(storage);
  const order: string[] = [];
  let kept: Promise<number> | undefined;
  under.onAnnounce = () => {
    order.push('told');
    kept = inner.tail(ROOM, 0, 10).then(events => events.length);
  };
  await under.say(ROOM, ANN, 'hello').then(() => order.push('answered'));
  assert.deepEqual(order, ['told', 'answered']);
  assert.equal(await kept, 2);
});

test('the same command again is a success with the first seq, and happens once', async t => {
  const storage = new WatchedStorage(await storageWithAcme(t));
  const under = new RoomsUnderTest(storage);
  const id = newCommandId();
  const release = storage.holdUp();
  const held = under.say(ROOM, BEN, 'first of all');
  const together = [under.say(ROOM, ANN, 'hello', id), under.say(ROOM, ANN, 'hello', id)];
  release();
  await held;
  const [one, two] = await Promise.all(together);
  assert.equal(one, two);
  await under.say(ROOM, BEN, 'meanwhile');
  assert.equal(await under.say(ROOM, ANN, 'hello', id), one);
  // Another server, which remembers nothing.
  assert.equal(await new RoomsUnderTest(storage).say(ROOM, ANN, 'hello', id), one);
  assert.equal(under.timeline(ROOM).filter(({ command }) => command === id).length, 2, 'entered and posted');
});

test('another body under a used id is refused, another person may use the id', async t => {
  const under = new RoomsUnderTest(await storageWithAcme(t));
  const id = newCommandId();
  const together = [under.say(ROOM, ANN, 'hello', id), under.say(ROOM, ANN, 'something else', id)];
  const [first, second] = await Promise.allSettled(together);
  assert.equal(first?.status, 'fulfilled');
  assert.equal(second?.status, 'rejected');
  await assert.rejects(under.say(ROOM, ANN, 'other', id), { code: 'command_id_reused' });
  await assert.rejects(under.give(ROOM, ANN, draw(stroke()), id), {
    code: 'command_id_reused',
  });
  const seq = await under.say(ROOM, BEN, 'hello', id);
  assert.ok(seq > 2);
});

test('a refused command leaves nothing, and its id free', async t => {
  const under = new RoomsUnderTest(await storageWithAcme(t));
  const id = newCommandId();
  await assert.rejects(under.say(ROOM, ANN, ' \n ', id), { code: 'text_empty' });
  assert.deepEqual(under.announced, []);
  assert.equal(await under.say(ROOM, ANN, 'better', id), 2);
});

test('when storage fails a turn, all of it is refused and none told; sent again, it happens', async t => {
  const storage = new WatchedStorage(await storageWithAcme(t));
  const under = new RoomsUnderTest(storage);
  const other = roomKey('acme', 'other');
  await under.say(ROOM, ANN, 'before');
  const told = under.announced.length;

  const id = newCommandId();
  const failure = new StorageError('disk full');
  storage.failure = failure;
  const lost = [under.say(ROOM, ANN, 'lost', id), under.say(ROOM, BEN, 'lost too'), under.say(other, BEN, 'and this')];
  const results = await Promise.allSettled(lost);
  for (const result of results) {
    assert.equal(result.status, 'rejected');
    const { code, retryAfter, cause } = result.reason as { code: string; retryAfter: number; cause: unknown };
    assert.deepEqual([code, retryAfter > 0, cause], ['unavailable', true, failure]);
  }
  assert.equal(under.announced.length, told);
  assert.equal(
    under.faults.every(fault => fault === failure || (fault instanceof Error && fault.cause === failure)),
    true,
  );
  assert.equal(under.rooms.counters.resident, 0, 'what was decided in vain is forgotten');

  storage.failure = undefined;
  under.now += 2_000;
  assert.equal(await under.say(ROOM, ANN, 'lost', id), 3);
  assert.equal(await under.say(other, BEN, 'elsewhere'), 2);
  assert.deepEqual(await storage.tail(ROOM, 0, 10), under.timeline(ROOM));
});

test('a fault in deciding one command costs that one alone', async t => {
  const under = new RoomsUnderTest(await storageWithAcme(t));
  const fault = new Error('a bug');
  const broken = {
    role: 'member',
    person: {
      id: 'broken',
      get name(): string {
        throw fault;
      },
    },
  } as const;
  const results = await Promise.allSettled([
    under.say(ROOM, ANN, 'one'),
    under.say(ROOM, BEN, 'two'),
    under.say(ROOM, broken, 'three'),
    under.say(ROOM, ANN, 'four'),
  ]);
  assert.deepEqual(
    results.map(result => (result.status === 'fulfilled' ? result.value : (result.reason as { code: string }).code)),
    [2, 4, 'internal', 5],
  );
  assert.deepEqual(under.faults, [fault]);
});

test('a fault in announcing is reported, and the author is answered all the same', async t => {
  const under = new RoomsUnderTest(await storageWithAcme(t));
  const fault = new Error('a bug');
  under.onAnnounce = () => {
    throw fault;
  };
  assert.equal(await under.say(ROOM, ANN, 'hello'), 2);
  assert.deepEqual(under.faults, [fault]);
});

test('more than may wait is refused, with a time to come again', async t => {
  const storage = new WatchedStorage(await storageWithAcme(t));
  const under = new RoomsUnderTest(storage, { waiting: 5, waitingPerRoom: 3 });
  const release = storage.holdUp();
  const taken = [under.say(ROOM, ANN, 'in flight'), ...[1, 2, 3].map(() => under.say(ROOM, ANN, 'waits'))];
  await assert.rejects(under.say(ROOM, ANN, 'too many here'), { code: 'unavailable', retryAfter: 1_000 });
  const other = roomKey('acme', 'other');
  taken.push(under.say(other, ANN, 'waits'), under.say(other, ANN, 'waits'));
  await assert.rejects(under.say(roomKey('acme', 'third'), ANN, 'too many'), { code: 'unavailable' });
  release();
  await Promise.all(taken);
  await under.say(ROOM, ANN, 'room again');
});

test('closing answers what was taken and refuses what comes after', async t => {
  const storage = new WatchedStorage(await storageWithAcme(t));
  const under = new RoomsUnderTest(storage, { turn: 2 });
  const release = storage.holdUp();
  const taken = [1, 2, 3, 4, 5].map(number => under.say(ROOM, ANN, `${number}`));
  const closed = Promise.all([under.rooms.close(), under.rooms.close()]);
  await assert.rejects(under.say(ROOM, ANN, 'late'), { code: 'unavailable' });
  release();
  await closed;
  assert.equal(under.timeline(ROOM).length, 6);
  assert.deepEqual(await Promise.all(taken), [2, 3, 4, 5, 6]);
  await under.rooms.close();
});

test('rooms without commands for a while are let go, and come back as they were', async t => {
  const under = new RoomsUnderTest(await storageWithAcme(t), { idle: 60_000 });
  const other = roomKey('acme', 'other');
  await under.say(ROOM, ANN, 'one');
  under.now += 59_999;
  await under.say(other, ANN, 'two');
  assert.equal(under.rooms.counters.resident, 2);
  under.now += 1;
  await under.say(other, ANN, 'three');
  assert.equal(under.rooms.counters.resident, 1);
  assert.equal(await under.say(ROOM, ANN, 'four'), 3);
});

test('beyond a number of rooms those used longest ago are let go', async t => {
  const under = new RoomsUnderTest(await storageWithAcme(t), { resident: 2 });
  for (const name of ['a', 'b', 'c', 'a']) await under.say(roomKey('acme', name), ANN, 'x');
  assert.equal(under.rooms.counters.resident, 2);
  assert.deepEqual(
    under.timeline(roomKey('acme', 'a')).map(({ seq }) => seq),
    [1, 2, 3],
  );
});

test('two servers of one storage go on from each other', async t => {
  const storage = await storageWithAcme(t);
  const [one, two] = [new RoomsUnderTest(storage), new RoomsUnderTest(storage)];
  const drawn = stroke();
  const erasing = newCommandId();
  await one.give(ROOM, ANN, draw(drawn));
  await two.give(ROOM, BEN, erase([drawn.id]), erasing);
  await one.say(ROOM, ANN, 'meanwhile: the erased shape is let go');
  await two.give(ROOM, BEN, undo(erasing));
  // The first one lacks the shape that came back, so it loads the room anew within the same
  // command.
  await one.give(ROOM, ANN, erase([drawn.id]));
  assert.deepEqual((await storage.snapshot(ROOM)).shapes, []);
  assert.deepEqual(
    [...one.timeline(ROOM), ...two.timeline(ROOM)].map(({ seq }) => seq).sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7],
  );
});

test('an unknown command is a fault, which tells its type and nothing of what was written', async t => {
  const under = new RoomsUnderTest(await storageWithAcme(t));
  const body = { type: 'thing.unheard', text: 'between us' };
  assert.throws(
    () => void under.rooms.submit(ROOM, ANN, { id: newCommandId(), body }),
    (fault: unknown) =>
      fault instanceof TypeError && fault.message === 'There is no rule for the command thing.unheard.',
  );
});

test('how long a command has waited is told with its events, as far as it may be', async t => {
  const storage = await storageWithAcme(t);
  const under = new RoomsUnderTest(storage);
  for (const waited of [0, 0.4, 1.6, LIMITS.waited, LIMITS.waited + 1, Number.MAX_SAFE_INTEGER, -5]) {
    await under.rooms.submit(ROOM, ANN, { id: newCommandId(), body: post('hello'), waited });
  }
  const told = under.timeline(ROOM).filter(isPosted);
  const { waited: longest } = LIMITS;
  assert.deepEqual(
    told.map(({ waited }) => waited),
    [undefined, undefined, 2, longest, longest, longest, undefined],
  );
  assert.deepEqual(await storage.tail(ROOM, 0, 1_000), under.timeline(ROOM));
});

test('sent again after another wait a command is the same one', async t => {
  const under = new RoomsUnderTest(await storageWithAcme(t));
  const command = { id: newCommandId(), body: post('hello') };
  const seq = await under.rooms.submit(ROOM, ANN, { ...command, waited: 7 });
  assert.equal(await under.rooms.submit(ROOM, ANN, { ...command, waited: 60_000 }), seq);
  assert.equal(await under.rooms.submit(ROOM, ANN, command), seq);
  assert.deepEqual(
    under.timeline(ROOM).map(({ waited }) => waited),
    [7, 7],
  );
});

test('a site that does not want times of points has events without them', async t => {
  const storage = await storageWithAcme(t);
  const under = new RoomsUnderTest(storage);
  const times = encodeTimes([0, 8, 16]);
  await under.give(ROOM, ANN, draw(stroke(), { times }));
  under.policy = { keepsTimes: false };
  const id = newCommandId();
  const body = draw(stroke(), { times });
  const seq = await under.give(ROOM, ANN, body, id);
  under.policy = { keepsTimes: true };
  assert.equal(await under.give(ROOM, ANN, body, id), seq, 'the command is the same, whatever is kept of it');
  const kept = (await storage.tail(ROOM, 0, 1_000)).filter(isDrawn);
  assert.deepEqual(
    kept.map(event => event.times),
    [times, undefined],
  );
});
