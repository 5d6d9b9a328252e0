/**
 * What a turn that fails costs its rooms, where none of them is to blame; and how those come back
 * that are not in memory.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import type { RoomKey } from '../../../server/domain/room-key.js';
import { StorageClosedError, StorageError, type TurnRequest } from '../../../server/domain/storage.js';
import { FAULT_WORDS, type StorageFault } from '../../../server/storage/storage-fault.js';
import { ANN, BEN, failing, guardedFault, names, together } from './failing-storage.js';

const isWhole = ({ after }: TurnRequest) => after === undefined;

describe('memory', () => {
  test('a turn that fails before anything was decided leaves the memory of its rooms as it was', async t => {
    const given = await failing(t);
    const { storage, under } = given;
    const rooms = names(5);
    await Promise.all(rooms.map(room => under.say(room, ANN, 'before')));
    const before = under.rooms.counters.resident;
    const from = storage.turns.length;
    storage.fault = () => guardedFault('away');
    for (const room of rooms) await assert.rejects(under.say(room, ANN, 'lost'), { code: 'unavailable' });
    assert.equal(under.rooms.counters.resident, before);

    storage.fault = () => undefined;
    await Promise.all(rooms.map(room => under.say(room, BEN, 'again')));
    assert.equal(storage.turns.slice(from).flat().some(isWhole), false, 'no room was loaded anew');
    for (const room of rooms) assert.deepEqual(await given.inner.tail(room, 0, 10), under.timeline(room));
  });

  test('what was decided in vain is forgotten with the turn', async t => {
    const { inner, storage, under } = await failing(t);
    const [room] = names(1);
    assert.ok(room);
    await under.say(room, ANN, 'before');
    storage.moment = 'keeping';
    storage.fault = () => guardedFault('full');
    await assert.rejects(under.say(room, BEN, 'lost'), { code: 'unavailable' });
    storage.fault = () => undefined;
    await under.say(room, ANN, 'after');
    assert.deepEqual(storage.turns.at(-1)?.map(isWhole), [true]);
    assert.deepEqual(await inner.tail(room, 0, 10), under.timeline(room));
  });
});

describe('rooms that have to be loaded', () => {
  test('few of them share a turn, the others of the batch go on, and none is overtaken', async t => {
    const given = await failing(t);
    const { storage, under } = given;
    const [known, unknown] = [names(30, 'known'), names(40, 'unknown')];
    for (const room of known) await under.say(room, ANN, 'before');
    const from = storage.turns.length + 1;
    const told: RoomKey[] = [];
    under.onAnnounce = ({ room }) => told.push(room);
    const answers = await together(given, () =>
      [...unknown, ...known, ...unknown].map((room, index) => under.say(room, ANN, `${index}`)),
    );
    assert.equal(
      answers.every(answer => typeof answer === 'number'),
      true,
    );
    const turns = storage.turns.slice(from);
    assert.deepEqual(
      turns.map(requests => requests.filter(isWhole).length),
      [16, 16, 8],
    );
    assert.equal(turns[0]?.filter(request => !isWhole(request)).length, known.length, 'who is known waits for nobody');
    assert.deepEqual(
      told.filter(room => unknown.includes(room)),
      unknown,
    );
    for (const room of unknown) {
      assert.deepEqual(await given.inner.tail(room, 0, 10), under.timeline(room));
      assert.equal(under.timeline(room).length, 3);
    }
  });
});

describe('a fault that is no room’s', () => {
  const tried: Readonly<Record<StorageFault, 'at once' | 'taken apart'>> = {
    full: 'at once',
    failing: 'at once',
    unwritable: 'at once',
    locked: 'at once',
    missing: 'at once',
    lost: 'at once',
    // It may have kept the turn, too.
    away: 'at once',
    damaged: 'taken apart',
    busy: 'taken apart',
  };
  const kinds = [...Object.keys(FAULT_WORDS)].filter((kind): kind is StorageFault => kind in tried);
  for (const kind of kinds) {
    test(`${kind}: the turn is ${tried[kind] === 'at once' ? 'refused and not tried again' : 'taken apart'}`, async t => {
      const given = await failing(t);
      const { storage, under } = given;
      storage.moment = 'keeping';
      storage.failAt(names(10), () => guardedFault(kind));
      const answers = await together(given, () => names(10).map(room => under.say(room, ANN, 'hello')));
      assert.deepEqual([...new Set(answers)], ['unavailable']);
      assert.equal(storage.turns.length, tried[kind] === 'at once' ? 2 : 7);
      assert.deepEqual(under.announced.length, 1);
    });
  }

  test('a storage that closes is asked no more', async t => {
    const given = await failing(t);
    const { storage, under } = given;
    storage.failAt(names(10), () => new StorageClosedError());
    await together(given, () => names(10).map(room => under.say(room, ANN, 'hello')));
    assert.equal(storage.turns.length, 2);
  });

  test('it comes while a batch is taken apart: what was kept stays, the rest is refused at once', async t => {
    const given = await failing(t);
    const { inner, storage, under } = given;
    const rooms = names(10);
    storage.fault = requests =>
      requests.length > 1
        ? new StorageError('one of these is bad')
        : storage.turns.length > 6
          ? guardedFault('away')
          : undefined;
    const answers = await together(given, () => rooms.map(room => under.say(room, ANN, 'hello', newCommandId())));
    assert.deepEqual(answers, [2, 2, 2, 2, ...rooms.slice(4).map(() => 'unavailable')]);
    assert.equal(storage.turns.length, 7);
    for (const room of rooms) assert.deepEqual(await inner.tail(room, 0, 10), under.timeline(room));
  });

  test('hundreds of rooms that all fail, whatever the reason, cost a few turns', async t => {
    const given = await failing(t);
    const { storage, under } = given;
    const rooms = names(300);
    await Promise.all(rooms.map(room => under.say(room, ANN, 'before')));
    const from = storage.turns.length + 1;
    storage.failAt(rooms);
    const answers = await together(given, () => rooms.map(room => under.say(room, ANN, 'hello')));
    assert.deepEqual([...new Set(answers)], ['unavailable']);
    assert.deepEqual(storage.sizes(from), [300, 16, 1, 1, 1, 1]);
  });
});
