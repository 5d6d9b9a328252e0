import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import type { Spending } from '../../../server/cluster/cluster.js';
import { createLog } from '../../../server/log.js';
import { Settlement } from '../../../server/limits/settlement.js';
import { ManualClock } from '../../support/manual-clock.js';

/** Milliseconds after which is looked what became of what fell due. */
const STEP = 10;
const RATE = { perSecond: 10, burst: 100 };

/**
 * A settlement whose others the test plays: it sees what they are told, and chooses what they
 * answer.
 */
function settle(t: TestContext) {
  const clock = new ManualClock();
  const told: (readonly Spending[])[] = [];
  const lines: string[] = [];
  let answer = (spendings: readonly Spending[]): Promise<readonly number[]> =>
    Promise.resolve(spendings.map(() => Infinity));
  const settlement = new Settlement({
    budgets: {
      settle(spendings) {
        told.push(spendings);
        return answer(spendings);
      },
    },
    clock,
    log: createLog('info', { write: line => lines.push(line) }),
  });
  t.after(() => settlement.close());
  const bucket = settlement.of('person')('acme/ann', RATE, clock.now());
  return {
    ...{ clock, told, lines, settlement, bucket },
    take: (amount: number) => bucket.take(amount, clock.now()),
    answers: (next: (spendings: readonly Spending[]) => Promise<readonly number[]>) => (answer = next),
    /** Time goes on, and what falls due is answered. */
    passes: async (milliseconds: number) => {
      const until = clock.now() + milliseconds;
      do {
        clock.advance(Math.min(STEP, until - clock.now()));
        await turn();
      } while (clock.now() < until);
    },
    amounts: () => told.map(([spending]) => spending?.amount),
  };
}

suite('what is spent of a shared budget', () => {
  test('is told at once the first time, then within a second, and within a fifth of one where it is a tenth', async t => {
    const { told, take, passes, amounts } = settle(t);
    assert.equal(take(1), 0);
    await passes(0);
    assert.deepEqual(told, [[{ budget: 'person acme/ann', rate: RATE, amount: 1 }]]);
    take(2);
    await passes(999);
    assert.deepEqual(amounts(), [1]);
    await passes(1);
    assert.deepEqual(amounts(), [1, 2]);
    take(10);
    await passes(199);
    take(5);
    assert.deepEqual(amounts(), [1, 2]);
    await passes(1);
    assert.deepEqual(amounts(), [1, 2, 15]);
    await passes(10_000);
    assert.equal(told.length, 3);
  });

  test('is told at once of whomever this node knows nothing', async t => {
    const { told, take, passes, settlement, clock } = settle(t);
    take(1);
    await passes(300);
    settlement.of('person')('acme/ben', RATE, clock.now()).take(1, clock.now());
    await passes(0);
    assert.deepEqual(told.at(-1), [{ budget: 'person acme/ben', rate: RATE, amount: 1 }]);
  });

  test('is what the others say from then on, less what was spent here meanwhile', async t => {
    const { take, passes, answers } = settle(t);
    let say = (_left: readonly number[]) => {};
    answers(() => new Promise(resolve => (say = resolve)));
    take(1);
    await passes(0);
    assert.equal(take(30), 0);
    say([50]);
    await turn();
    assert.equal(take(21), 100);
    assert.equal(take(20), 0);
  });

  test('is waited for where the others spent more than there was', async t => {
    const { take, passes, answers, clock } = settle(t);
    answers(() => Promise.resolve([-40]));
    take(1);
    await passes(0);
    const wait = take(10);
    assert.equal(wait, 5_000);
    answers(() => Promise.resolve([Infinity]));
    clock.advance(wait - 1);
    assert.equal(take(10), 1);
    clock.advance(1);
    assert.equal(take(10), 0);
  });

  test('is never more than this node knows of', async t => {
    const { take, passes } = settle(t);
    take(100);
    await passes(0);
    assert.equal(take(1), 100);
  });
});

suite('while the others can not be told', () => {
  test('a node goes on alone, tries again, and says so once', async t => {
    const { take, passes, answers, lines, amounts } = settle(t);
    answers(() => Promise.reject(new Error('Redis is away')));
    take(60);
    await passes(800);
    assert.equal(take(80), 3_200);
    assert.equal(lines.length, 1);
    answers(() => Promise.resolve([Infinity]));
    await passes(200);
    // What filled up again is nothing that the others need to hear of.
    assert.deepEqual(amounts(), [60, 59.9, 58, 56, 54, 52]);
    answers(() => Promise.reject(new Error('Redis is away')));
    take(1);
    await passes(1_000);
    assert.equal(lines.length, 2);
  });
});

test('what has filled up again while nobody could be told is not tried any further', async t => {
  const { told, take, passes, answers } = settle(t);
  answers(() => Promise.reject(new Error('away')));
  take(10);
  await passes(2_000);
  const tries = told.length;
  await passes(10_000);
  assert.equal(told.length, tries);
  take(1);
  await passes(0);
  assert.equal(told.length, tries + 1);
});

test('nothing is told any more once it is closed, also where an answer is awaited then', async t => {
  const { take, passes, told, settlement, answers, clock } = settle(t);
  let say = (_left: readonly number[]) => {};
  answers(() => new Promise(resolve => (say = resolve)));
  take(1);
  await passes(0);
  take(50);
  settlement.close();
  settlement.close();
  say([0]);
  await passes(2_000);
  take(50);
  await passes(2_000);
  assert.deepEqual([told.length, clock.waiting], [1, 0]);
});
