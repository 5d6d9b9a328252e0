import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS } from '../../../../protocol/limits.js';
import { weightOf } from '../../../../protocol/shapes/index.js';
import { undo, undone } from '../../../support/commands.js';
import { decided, room, shape } from './deciding.js';

const BACK = undo('x'.repeat(16));

test('takes back what the command was the last to show or hide', () => {
  const state = room(shape({ since: 5 }), shape({ since: 5, hidden: true }), shape({ since: 6 }));
  assert.deepEqual(decided(state, BACK, { target: { seq: 5, later: 0 } }), [undone(5, 2)]);
});

test('changes nothing where others touched it since, or where there was nothing', () => {
  assert.deepEqual(decided(room(shape({ since: 6 })), BACK, { target: { seq: 5, later: 0 } }), []);
  assert.deepEqual(decided(room(shape()), BACK, { target: 'nothing' }), []);
});

test('an unknown command can not be undone, nor one too long ago', () => {
  assert.equal(decided(room(shape()), BACK), 'undo_unknown');
  const late = (later: number) => decided(room(shape({ since: 5 })), BACK, { target: { seq: 5, later } });
  assert.equal(late(LIMITS.undoDepth), 'undo_too_old');
  assert.equal(late(LIMITS.undoDepth - 1).length, 1);
});

test('brings back no more than the board can hold', () => {
  const hidden = [shape({ since: 5, hidden: true }), shape({ since: 5, hidden: true })];
  const state = room(...hidden);
  const target = { seq: 5, later: 0 };
  assert.equal(decided(state, BACK, { target, visible: LIMITS.shapesPerBoard - 1 }), 'board_full');
  assert.equal(decided(state, BACK, { target, visible: LIMITS.shapesPerBoard - 2 }).length, 1);
  assert.equal(decided(room(shape({ since: 5 })), BACK, { target, visible: LIMITS.shapesPerBoard + 1 }).length, 1);
  const left = LIMITS.weightPerBoard - hidden.reduce((sum, each) => sum + weightOf(each), 0);
  assert.equal(decided(state, BACK, { target, weight: left }).length, 1);
  assert.equal(decided(state, BACK, { target, weight: left + 1 }), 'board_full');
});
