import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clear, cleared, drawn, erased } from '../../../support/commands.js';
import { stroke } from '../../../support/strokes.js';
import { roomAfter } from '../told.js';
import { effectsOf, outcome } from './events.js';

const [ONE, TWO] = [stroke(), stroke()];

test('everything that can be seen is hidden by it, and nothing happens where that is none', () => {
  const state = roomAfter(drawn(ONE), drawn(TWO), erased([ONE.id]));
  assert.deepEqual(outcome(state, clear()), [cleared()]);
  assert.deepEqual(effectsOf(state, cleared()), [{ type: 'hideShapes', ids: [TWO.id], since: 4 }]);
  assert.deepEqual(outcome(state, clear()), []);
});
