import assert from 'node:assert/strict';
import { test } from 'node:test';

import { post, posted } from '../../../support/commands.js';
import { emptyRoom } from '../told.js';
import { effectsOf, measure, outcome } from './events.js';

test('a message is said, and is one message', () => {
  assert.deepEqual(outcome(emptyRoom(), post('hello')), [posted('hello')]);
  const message = { seq: 1, by: 1, at: 1_000, text: 'hello' };
  assert.deepEqual(effectsOf(emptyRoom(), posted('hello')), [{ type: 'putMessage', message, isNew: true }]);
});

test('it counts by its text, and as no ink', () => {
  assert.equal(measure(post('x'.repeat(100))).size - measure(post('')).size, 100);
  assert.equal(measure(post('x')).points, 0);
});
