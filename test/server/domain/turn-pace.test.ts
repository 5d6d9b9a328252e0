import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TurnPace } from '../../../server/domain/turn-pace.js';

test('commands that come one by one wait for nobody', () => {
  const pace = new TurnPace();
  for (let now = 0; now < 2_000; now += 4) {
    assert.equal(pace.wait(now), 0);
    pace.begins(1, now);
  }
});

test('where they come fast, a turn begins ten milliseconds after the one before', () => {
  const pace = new TurnPace();
  for (let now = 0; now < 300; now += 1) if (pace.wait(now) === 0) pace.begins(1, now);
  pace.begins(1, 300);
  assert.equal(pace.wait(303), 7);
  assert.equal(pace.wait(310), 0);
});

test('nobody waits any more when it has become quiet', () => {
  const pace = new TurnPace();
  pace.begins(500, 0);
  assert.equal(pace.wait(2), 8);
  assert.equal(pace.wait(400), 0);
  pace.begins(1, 400);
  assert.equal(pace.wait(401), 0);
});

test('a clock that was set back makes nobody wait longer than ten milliseconds', () => {
  const pace = new TurnPace();
  pace.begins(500, 1_000_000);
  assert.equal(pace.wait(1_000), 10);
});
