import assert from 'node:assert/strict';
import { test } from 'node:test';

import { post, posted } from '../../../support/commands.js';
import { emptyRoom } from '../told.js';
import { effectsOf, outcome } from './events.js';

test('a message is said, and is one message', () => {
  assert.deepEqual(outcome(emptyRoom(), post('hello')), [posted('hello')]);
  const message = { seq: 1, by: 1, at: 1_000, text: 'hello' };
  assert.deepEqual(effectsOf(emptyRoom(), posted('hello')), [{ type: 'putMessage', message, isNew: true }]);
});
