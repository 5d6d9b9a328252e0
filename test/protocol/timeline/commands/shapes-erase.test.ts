import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drawn, erase, erased } from '../../../support/commands.js';
import { stroke } from '../../../support/strokes.js';
import { roomAfter } from '../told.js';
import { effectsOf, outcome } from './events.js';

const [ONE, TWO] = [stroke(), stroke()];

test('what can be seen is erased, each once; and nothing happens where that is none', () => {
  const state = roomAfter(drawn(ONE), drawn(TWO), erased([TWO.id]));
  assert.deepEqual(outcome(state, erase([ONE.id, TWO.id, 'unheard-', ONE.id])), [erased([ONE.id])]);
  assert.deepEqual(outcome(state, erase([TWO.id])), []);
});

test('it hides what could be seen', () => {
  const state = roomAfter(drawn(ONE), drawn(TWO), erased([TWO.id]));
  assert.deepEqual(effectsOf(state, erased([ONE.id, TWO.id, 'unheard-'])), [
    { type: 'hideShapes', ids: [ONE.id], since: 4 },
  ]);
});
