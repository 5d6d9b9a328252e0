import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS } from '../../../../protocol/limits.js';
import { completed, drawn, entered, keep } from '../../../support/commands.js';
import { stroke, withPoints } from '../../../support/strokes.js';
import { ANN, decided, room, shape } from './deciding.js';

const PART = stroke({ points: 'AACC' });
const LONGER = withPoints(PART, 'AACCCC');

test('as much as there is of it is kept, and more where there is more', () => {
  assert.deepEqual(decided(room(), keep(PART)), [drawn(PART, { partial: true })]);
  const kept = shape({ ...PART, partial: true });
  assert.deepEqual(decided(room(kept), keep(LONGER)), [completed(LONGER, { partial: true })]);
  assert.deepEqual(decided(room(kept), keep(PART)), []);
});

test('nothing is kept of what is finished, hidden or not, nor over the shape of somebody else', () => {
  const others = [shape(PART), shape({ ...PART, hidden: true }), shape({ ...PART, by: 2, partial: true })];
  for (const known of others) assert.deepEqual(decided(room(known), keep(LONGER)), []);
});

test('what is no stroke is not kept, nor what is too much for the board', () => {
  assert.equal(decided(room(), keep(withPoints(PART, 'A'))), 'invalid_input');
  assert.equal(decided(room(), keep(PART), { visible: LIMITS.shapesPerBoard }), 'board_full');
  assert.equal(decided(room(), keep(PART), { weight: LIMITS.weightPerBoard }), 'board_full');
});

test('who came back under another name is not renamed by it', () => {
  const by = { ...ANN, person: { id: 'ann', name: 'Anna' } };
  assert.deepEqual(decided(room(), keep(PART), { by }), [drawn(PART, { partial: true })]);
  const [first] = decided(room(), keep(PART), { by, author: undefined });
  assert.deepEqual(first, entered(by.person));
});
