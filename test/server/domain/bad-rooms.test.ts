/** A turn that fails at the rows of one room costs that room alone. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { RefusedError } from '../../../protocol/errors.js';
import { StorageError } from '../../../server/domain/storage.js';
import { roomKey } from '../../support/room-key.js';
import { isPosted } from '../../support/commands.js';
import { ANN, BEN, failing, guardedFault, names, together } from './failing-storage.js';

/** There is no such site, so nothing can be kept of it. */
const NOWHERE = roomKey('nowhere', 'algebra');

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
        events.flatMap(event => (isPosted(event) ? [event.text] : [])),
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
