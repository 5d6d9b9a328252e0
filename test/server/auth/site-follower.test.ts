import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { RefusedError } from '../../../protocol/errors.js';
import { SiteFollower } from '../../../server/auth/site-follower.js';
import { createLog } from '../../../server/log.js';
import { ManualClock } from '../../support/manual-clock.js';

/** A follower whose time and messages the test chooses, and how each reading ends. */
function follow(t: TestContext) {
  const clock = new ManualClock();
  const told = new Set<() => void>();
  const connected = new Set<(connected: boolean) => void>();
  const lines: string[] = [];
  const readings: { readonly end: () => void; readonly fail: (fault: Error) => void }[] = [];
  const follower = new SiteFollower({
    sites: { reload: () => new Promise((end, fail) => readings.push({ end, fail })) },
    cluster: {
      onSites: listener => (told.add(listener), () => told.delete(listener)),
      onConnected: listener => (connected.add(listener), () => connected.delete(listener)),
    },
    clock,
    log: createLog('info', { write: line => lines.push(line) }),
  });
  t.after(() => follower.close());
  return {
    ...{ clock, follower, readings, lines },
    tell: () => told.forEach(listener => listener()),
    connect: (now: boolean) => connected.forEach(listener => listener(now)),
    listeners: () => told.size + connected.size,
    ends: async () => {
      readings.at(-1)?.end();
      await turn();
    },
  };
}

suite('sites are read anew', () => {
  test('once a second though nobody tells anything', async t => {
    const { clock, readings, ends } = follow(t);
    clock.advance(999);
    assert.equal(readings.length, 0);
    clock.advance(1);
    await ends();
    clock.advance(1_000);
    assert.equal(readings.length, 2);
  });

  test('at once when something is told, or when the others are heard again', async t => {
    const { clock, readings, tell, connect, ends } = follow(t);
    tell();
    clock.advance(0);
    assert.equal(readings.length, 1);
    await ends();
    clock.advance(200);
    connect(false);
    clock.advance(0);
    assert.equal(readings.length, 1);
    connect(true);
    clock.advance(0);
    assert.equal(readings.length, 2);
  });

  test('one time after the other, and not more often than is of use', async t => {
    const { clock, readings, tell, ends } = follow(t);
    tell();
    clock.advance(0);
    for (let count = 0; count < 9; count += 1) tell();
    clock.advance(5_000);
    assert.equal(readings.length, 1);
    await ends();
    clock.advance(199);
    assert.equal(readings.length, 1);
    clock.advance(1);
    assert.equal(readings.length, 2);
    await ends();
    for (let count = 0; count < 9; count += 1) tell();
    clock.advance(199);
    assert.equal(readings.length, 2);
    clock.advance(1);
    assert.equal(readings.length, 3);
  });

  test('again where it failed, which is logged unless storage has logged it', async t => {
    const { clock, readings, lines } = follow(t);
    for (const fault of [new RefusedError('unavailable'), new Error('something else')]) {
      clock.advance(1_000);
      readings.at(-1)?.fail(fault);
      await turn();
    }
    assert.equal(lines.length, 1);
    assert.match(lines.join(''), /something else/);
    clock.advance(1_000);
    assert.equal(readings.length, 3);
  });

  test('never again when it is closed, also while a reading is under way', async t => {
    const { clock, readings, tell, follower, listeners, ends } = follow(t);
    clock.advance(1_000);
    follower.close();
    follower.close();
    await ends();
    tell();
    clock.advance(5_000);
    assert.deepEqual([readings.length, clock.waiting, listeners()], [1, 0, 0]);
  });
});
