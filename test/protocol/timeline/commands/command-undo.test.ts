import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drawn, erased, undo, undone } from '../../../support/commands.js';
import { stroke } from '../../../support/strokes.js';
import { roomAfter } from '../told.js';
import { effectsOf, outcome } from './events.js';

const [ONE, TWO] = [stroke(), stroke()];

test('it takes back what the event of an own command was the last to touch', () => {
  const state = roomAfter(drawn(ONE), drawn(TWO), erased([ONE.id, TWO.id]));
  assert.deepEqual(outcome(state, undo('3')), [undone(3, 2)]);
  assert.deepEqual(outcome(state, undo('1')), [], 'an erasing came after it');
  assert.deepEqual(outcome(state, undo('of somebody else')), []);
});

test('what an event drew is hidden', () => {
  const state = roomAfter(drawn(ONE));
  assert.deepEqual(effectsOf(state, undone(1, 1)), [{ type: 'hideShapes', ids: [ONE.id], since: 2 }]);
});

test('what an event hid is shown, and the time in which it was hidden is told', () => {
  const state = roomAfter(drawn(ONE), drawn(TWO), erased([ONE.id, TWO.id]));
  assert.deepEqual(effectsOf(state, undone(3, 2)), [
    { type: 'showShapes', ids: [ONE.id, TWO.id] },
    { type: 'endInterval', shape: ONE.id, was: 'hidden', from: 3, to: 4 },
    { type: 'endInterval', shape: TWO.id, was: 'hidden', from: 3, to: 4 },
  ]);
});

test('nothing changes where nothing is left to take back', () => {
  assert.deepEqual(effectsOf(roomAfter(drawn(ONE), erased([ONE.id])), undone(1, 0)), []);
});
