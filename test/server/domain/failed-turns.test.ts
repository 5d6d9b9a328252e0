/** What a turn that fails costs: the room at whose rows it fails, and where that is none, everybody once. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import { RefusedError } from '../../../protocol/errors.js';
import type { RoomKey } from '../../../server/domain/room-key.js';
import {
  type RoomStorage,
  StorageClosedError,
  StorageError,
  type TurnRequest,
} from '../../../server/domain/storage.js';
import { FAULT_WORDS, type StorageFault, StorageFaultError } from '../../../server/storage/storage-fault.js';
import { roomKey } from '../../support/room-key.js';
import { actor, RoomsUnderTest, storageWithAcme } from '../../support/rooms.js';

const [ANN, BEN] = [actor('Ann'), actor('Ben')];
const names = (count: number, kind = 'room') =>
  Array.from({ length: count }, (_, i) => roomKey('acme', `${kind}-${i}`));
/** There is no such site, so nothing can be kept of it. */
const NOWHERE = roomKey('nowhere', 'algebra');

/** When a turn fails: before its rooms are handed over, or when what was decided is to be kept. */
type Moment = 'opening' | 'keeping';

/** A storage that fails turns as the test says, keeps nothing of those, and knows what was asked of it. */
class FailingStorage implements Pick<RoomStorage, 'turn'> {
  readonly turns: (readonly TurnRequest[])[] = [];
  readonly #storage: RoomStorage;
  /** What a turn fails with. */
  fault: (requests: readonly TurnRequest[]) => unknown = () => undefined;
  moment: Moment = 'opening';
  /** Awaited before each turn begins. */
  gate: Promise<void> = Promise.resolve();

  constructor(storage: RoomStorage) {
    this.#storage = storage;
  }

  /** Holds up turns until the returned function is called. */
  holdUp(): () => void {
    let release: () => void = () => undefined;
    this.gate = new Promise(resolve => (release = resolve));
    return release;
  }

  /** Fails every turn with one of these rooms in it. */
  failAt(rooms: readonly RoomKey[], fault: () => unknown = () => new StorageError('a row is damaged')): void {
    this.fault = requests => (requests.some(({ room }) => rooms.includes(room)) ? fault() : undefined);
  }

  /** How many rooms each turn served, from the turn of this number on. */
  sizes(from = 0): readonly number[] {
    return this.turns.slice(from).map(({ length }) => length);
  }

  readonly turn: RoomStorage['turn'] = async (requests, decide) => {
    this.turns.push(requests);
    await this.gate;
    const fault = this.fault(requests);
    if (fault !== undefined && this.moment === 'opening') throw asError(fault);
    await this.#storage.turn(requests, opened => {
      const appends = decide(opened);
      if (fault !== undefined) throw asError(fault);
      return appends;
    });
  };
}

const asError = (fault: unknown) => (fault instanceof Error ? fault : new Error(String(fault)));
/** As the storage of a server tells it, see guarded-storage.ts. */
const guardedFault = (fault: StorageFault) =>
  new RefusedError('unavailable', { retryAfter: 2_000, cause: new StorageFaultError(fault) });

async function failing(t: Parameters<typeof storageWithAcme>[0]) {
  const inner = await storageWithAcme(t);
  const storage = new FailingStorage(inner);
  return { inner, storage, under: new RoomsUnderTest(storage) };
}

/** Has several rooms share a turn, which comes after one of a room of its own. @returns what became of it, in the order given */
async function together(
  { storage, under }: Awaited<ReturnType<typeof failing>>,
  give: () => readonly Promise<number>[],
): Promise<readonly (number | string)[]> {
  // Long after whatever came before, so that the first turn does not wait for company.
  under.now += 1_000;
  const release = storage.holdUp();
  const first = under.say(roomKey('acme', 'first'), ANN, 'holds the turn up');
  const given = give().map(promise =>
    promise.catch((error: unknown) => (error instanceof RefusedError ? error.code : assert.fail(String(error)))),
  );
  release();
  await first;
  return Promise.all(given);
}

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

describe('one bad room', () => {
  test('of a site that is gone: it alone is refused, the others are kept and told, in order', async t => {
    const given = await failing(t);
    const { inner, under } = given;
    const rooms = names(40);
    const texts = rooms.flatMap(room => ['one', 'two'].map(text => ({ room, text })));
    const answers = await together(given, () => [
      under.say(NOWHERE, ANN, 'lost'),
      ...texts.map(({ room, text }) => under.say(room, ANN, text)),
    ]);
    assert.equal(answers[0], 'unavailable');
    assert.deepEqual(
      answers.slice(1),
      texts.map(({ text }) => (text === 'one' ? 2 : 3)),
    );
    for (const room of rooms) {
      const events = under.timeline(room);
      assert.deepEqual(
        events.flatMap(event => (event.type === 'message.posted' ? [event.text] : [])),
        ['one', 'two'],
      );
      assert.deepEqual(await inner.tail(room, 0, 10), events);
    }
  });

  const faults: readonly (readonly [what: string, () => Error])[] = [
    ['rows that contradict each other', () => new StorageError('duplicate key value violates unique constraint')],
    ['damage', () => guardedFault('damaged')],
    ['a board that loads too slowly', () => guardedFault('busy')],
    ['a bug', () => new TypeError('Unknown event')],
  ];
  for (const [what, fault] of faults) {
    for (const moment of ['opening', 'keeping'] as const) {
      for (const place of ['first', 'last'] as const) {
        test(`${what}, at ${moment} a turn, ${place} of many: four turns fail at most`, async t => {
          const given = await failing(t);
          const { storage, under } = given;
          const rooms = names(50);
          for (const room of rooms.slice(0, 30)) await under.say(room, ANN, 'before');
          storage.moment = moment;
          const bad = place === 'first' ? rooms[0] : rooms[49];
          assert.ok(bad);
          storage.failAt([bad], fault);
          const failed = under.rooms.counters.failedTurns;
          const answers = await together(given, () => rooms.map(room => under.say(room, BEN, 'hello')));
          rooms.forEach((room, index) => {
            assert.equal(answers[index] === 'unavailable', room === bad, room);
          });
          assert.ok(under.rooms.counters.failedTurns - failed <= 4);
          for (const room of rooms) assert.deepEqual(await given.inner.tail(room, 0, 10), under.timeline(room));
        });
      }
    }
  }

  test('that has to be loaded, among rooms in memory: it is tried with the others, and once more', async t => {
    const given = await failing(t);
    const { storage, under } = given;
    const [known, unknown] = [names(30, 'known'), names(3, 'unknown')];
    for (const room of known) await under.say(room, ANN, 'before');
    const [, bad] = unknown;
    assert.ok(bad);
    storage.failAt([bad], () => guardedFault('busy'));
    const from = storage.turns.length + 1;
    const answers = await together(given, () => [...unknown, ...known].map(room => under.say(room, BEN, 'hello')));
    assert.deepEqual(
      answers.map(answer => answer === 'unavailable'),
      [...unknown, ...known].map(room => room === bad),
    );
    assert.deepEqual(storage.sizes(from), [33, 30, 1, 1, 1]);
  });

  test('it has the next turns to itself until it is well, and spoils nobody else’s', async t => {
    const given = await failing(t);
    const { storage, under } = given;
    const rooms = names(10);
    const [bad] = rooms;
    assert.ok(bad);
    storage.failAt([bad]);
    const say = () => together(given, () => rooms.map(room => under.say(room, ANN, 'hello')));
    await say();
    const from = storage.turns.length + 1;
    const answers = await say();
    assert.deepEqual(
      answers.map(answer => answer === 'unavailable'),
      rooms.map(room => room === bad),
    );
    assert.deepEqual(storage.sizes(from), [1, 9]);
    storage.fault = () => undefined;
    under.now += 2_000;
    await say();
    await say();
    assert.equal(storage.sizes().at(-1), 10, 'it is among the others again');
  });

  test('it rests when it fails again, longer each time, and costs no turn meanwhile', async t => {
    const { storage, under } = await failing(t);
    const [bad, other] = names(2);
    assert.ok(bad && other);
    storage.failAt([bad]);
    const after = () =>
      under.say(bad, ANN, 'hello').then(
        () => assert.fail('it was kept'),
        (error: unknown) => (error instanceof RefusedError ? error.retryAfter : assert.fail(String(error))),
      );
    assert.deepEqual([await after(), await after()], [1_000, 1_000]);
    assert.match(String(under.faults.at(-1)), /acme\/room-0 fails by itself, and rests for 2000 ms/);
    const { turns } = under.rooms.counters;
    under.now += 500;
    assert.equal(await after(), 1_500);
    await under.say(other, ANN, 'is not concerned');
    assert.equal(under.rooms.counters.turns, turns + 1);
    for (const rest of [4_000, 8_000, 16_000, 30_000, 30_000]) {
      under.now += 30_000;
      await after();
      assert.equal(await after(), rest);
    }
    under.now += 30_000;
    storage.fault = () => undefined;
    assert.equal(await under.say(bad, ANN, 'well again'), 2);
    assert.equal(await under.say(bad, ANN, 'and again'), 3);
  });

  test('what came to it meanwhile is refused with it once it rests', async t => {
    const { storage, under } = await failing(t);
    const [bad] = names(1);
    assert.ok(bad);
    storage.failAt([bad]);
    await assert.rejects(under.say(bad, ANN, 'first'));
    const release = storage.holdUp();
    const given = [under.say(bad, ANN, 'second'), under.say(bad, ANN, 'third'), under.say(bad, BEN, 'fourth')];
    release();
    for (const each of given) await assert.rejects(each, { code: 'unavailable' });
    assert.equal(storage.turns.length, 2);
    await under.rooms.close();
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
