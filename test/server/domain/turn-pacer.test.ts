import assert from 'node:assert/strict';
import { test } from 'node:test';

import { OWN_FILE, SHARED_DATABASE, TurnPacer } from '../../../server/domain/turn-pacer.js';

test('commands that come one by one wait for nobody', () => {
  const pace = new TurnPacer(OWN_FILE);
  for (let now = 0; now < 2_000; now += 4) {
    assert.equal(pace.wait(now), 0);
    pace.begins(1, now);
  }
});

test('where they come fast, a turn begins ten milliseconds after the one before', () => {
  const pace = new TurnPacer(OWN_FILE);
  for (let now = 0; now < 300; now += 1) if (pace.wait(now) === 0) pace.begins(1, now);
  pace.begins(1, 300);
  assert.equal(pace.wait(303), 7);
  assert.equal(pace.wait(310), 0);
});

test('nobody waits any more when it has become quiet', () => {
  const pace = new TurnPacer(OWN_FILE);
  pace.begins(500, 0);
  assert.equal(pace.wait(2), 8);
  assert.equal(pace.wait(400), 0);
  pace.begins(1, 400);
  assert.equal(pace.wait(401), 0);
});

test('a clock that was set back makes nobody wait longer than ten milliseconds', () => {
  const pace = new TurnPacer(OWN_FILE);
  pace.begins(500, 1_000_000);
  assert.equal(pace.wait(1_000), 10);
});

test('where the database is shared, turns wait sooner and longer', () => {
  const pace = new TurnPacer(SHARED_DATABASE);
  for (let now = 0; now < 1_000; now += 20) {
    assert.equal(pace.wait(now), 0);
    pace.begins(1, now);
  }
  for (let now = 1_000; now < 1_300; now += 4) if (pace.wait(now) === 0) pace.begins(4, now);
  pace.begins(1, 1_300);
  assert.equal(pace.wait(1_305), 15);
  assert.equal(pace.wait(1_320), 0);
});
