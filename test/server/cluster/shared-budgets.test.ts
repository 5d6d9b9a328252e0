/** Budgets that count over nodes, on a real Redis. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import type { Spending } from '../../../server/cluster/cluster.js';
import { RedisError } from '../../../server/cluster/redis/redis-server-link.js';
import { RedisServer, redisUrl } from '../../support/redis-server.js';
import { connectedIs, newPrefix, nodesOn, redisAt } from './nodes-on-redis.js';

/**
 * So slow that nothing comes back while a test runs, and the other so fast that it has come back by
 * the next question.
 */
const [SLOW, FAST] = [
  { perSecond: 0.0001, burst: 100 },
  { perSecond: 1_000_000, burst: 100 },
];

const spending = (budget: string, amount: number, rate = SLOW): Spending => ({ budget, rate, amount });

async function set(t: TestContext) {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const [one, other] = await nodesOn(t, url, 2, { prefix });
  return { one: one.budgets, other: other.budgets, redis: await redisAt(t, url), prefix };
}

const rounded = (all: readonly number[]) => all.map(left => Math.round(left));

suite('a budget that several nodes take from', () => {
  test('is one: what each spent is missing to all, and more than there was is owed', async t => {
    const { one, other } = await set(t);
    assert.deepEqual(rounded(await one.settle([spending('ann', 30)])), [70]);
    assert.deepEqual(rounded(await other.settle([spending('ann', 60)])), [10]);
    assert.deepEqual(rounded(await one.settle([spending('ann', 30)])), [-20]);
    assert.deepEqual(rounded(await other.settle([spending('ben', 1)])), [99]);
  });

  test('fills with time, never over what it holds, and is not kept when it is full', async t => {
    const { one, other, redis, prefix } = await set(t);
    await one.settle([spending('ann', 150, FAST)]);
    while ((await other.settle([spending('ann', 0, FAST)]))[0] !== 100) continue;
    const kept = async () => (await redis.call('KEYS', `${prefix}:*budget*`)) ?? [];
    while (String(await kept()) !== '') continue;
    await one.settle([spending('ann', 1)]);
    const [key] = [await kept()].flat();
    const left = Number(await redis.call('PTTL', String(key)));
    assert.ok(left > 9_000_000 && left <= 10_000_001, `${left}`);
  });

  test('holds what it is said to hold from now on', async t => {
    const { one } = await set(t);
    await one.settle([spending('ann', 10)]);
    assert.deepEqual(rounded(await one.settle([spending('ann', 10, { perSecond: 0.0001, burst: 20 })])), [10]);
  });

  test('is answered in the order of the question, however many are asked for', async t => {
    const { one, other } = await set(t);
    const many = Array.from({ length: 1_000 }, (_, index) => spending(`person ${index}`, index / 10));
    const left = many.map(({ amount }) => Math.round(100 - amount));
    assert.deepEqual(rounded(await one.settle(many)), left);
    assert.deepEqual(rounded(await other.settle(many.map(({ budget }) => spending(budget, 0)))), left);
    assert.deepEqual(await one.settle([]), []);
  });
});

test('a Redis that is away is said to be, and one that comes back with nothing is told anew', async t => {
  const server = await RedisServer.start();
  t.after(() => server.close());
  const [one] = await nodesOn(t, server.url, 1);
  assert.deepEqual(rounded(await one.budgets.settle([spending('ann', 30)])), [70]);
  await server.stop();
  await connectedIs(one, false);
  await assert.rejects(one.budgets.settle([spending('ann', 30)]), RedisError);
  await server.startAgain();
  await connectedIs(one, true);
  assert.deepEqual(rounded(await one.budgets.settle([spending('ann', 30)])), [70]);
});
