import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TokenBucket, TokenBuckets } from '../../../server/limits/token-bucket.js';

test('a budget is taken at once up to its burst, then as it fills up', () => {
  const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, 0);
  assert.deepEqual([bucket.take(1, 0), bucket.take(2, 0), bucket.take(1, 0)], [0, 0, 500]);
  assert.ok(bucket.take(1, 499) > 0);
  assert.equal(bucket.take(1, 500), 0);
  assert.equal(bucket.take(3, 60_000), 0);
  assert.equal(bucket.take(1, 60_000), 500);
});

test('what is refused takes nothing, and a clock that goes back gives nothing', () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 2 }, 1_000);
  assert.equal(bucket.take(1, 1_000), 0);
  assert.equal(bucket.take(2, 1_000), 1_000);
  assert.equal(bucket.take(1, 1_000), 0);
  assert.equal(bucket.take(1, 0), 1_000);
});

test('the time that is told is true, for what fits in and for what never does', () => {
  for (const [perSecond, burst, amount] of [
    [3, 10, 7],
    [0.3, 1, 1],
    [1_000 / 3, 50, 49],
    [2, 5, 100],
    [7, 5, Infinity],
  ] as const) {
    const bucket = new TokenBucket({ perSecond, burst }, 0);
    bucket.take(burst, 0);
    const wait = bucket.take(amount, 0);
    assert.ok(wait > 1);
    assert.ok(bucket.wait(amount, wait - 1) > 0, `${amount} of ${burst} is there too soon`);
    assert.equal(bucket.take(amount, wait), 0, `${amount} of ${burst} is not there`);
  }
});

test('a budget of nothing gives nothing, and says so in a number', () => {
  const bucket = new TokenBucket({ perSecond: 0, burst: 0 }, 0);
  assert.equal(bucket.take(1, 0), 3_600_000);
});

test('each holder has a budget of their own', () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 });
  assert.equal(buckets.take('acme/ann', 1, 0), 0);
  assert.equal(buckets.take('globex/ann', 1, 0), 0);
  assert.equal(buckets.take('acme/ann', 1, 0), 1_000);
});
