import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encodeInk, encodeTimes } from '../../../../protocol/ink.js';
import { LIMITS } from '../../../../protocol/limits.js';
import { weightOf } from '../../../../protocol/shapes/index.js';
import { completed, draw, drawn } from '../../../support/commands.js';
import { stroke, withPoints } from '../../../support/strokes.js';
import { decided, room, shape } from './deciding.js';

/** Of the three points of a stroke. */
const TIMES = encodeTimes([0, 16, 40]);

test('a stroke is kept as it was drawn', () => {
  const one = stroke();
  assert.deepEqual(decided(room(), draw(one)), [drawn(one)]);
});

test('points must be whole points on the board, one at least', () => {
  const format = { scale: 0, pressure: false };
  const at = (x: number) => encodeInk([{ x, y: 0 }], format);
  const given = (points: string) => decided(room(), draw(stroke({ ...format, points })));
  for (const points of ['', 'A', 'AAA', 'g', '!!', at(LIMITS.boardExtent + 1), at(-LIMITS.boardExtent - 1)]) {
    assert.equal(given(points), 'invalid_input', points);
  }
  for (const points of ['AA', at(LIMITS.boardExtent), at(-LIMITS.boardExtent)]) assert.equal(given(points).length, 1);
});

test('times must be one for each point after the first', () => {
  for (const times of ['', 'H', 'AH', '_', 'A!']) {
    assert.equal(decided(room(), draw(stroke(), { times })), 'invalid_input', times);
  }
  const one = stroke();
  assert.deepEqual(decided(room(), draw(one, { times: TIMES })), [drawn(one, { times: TIMES })]);
});

test('where the site does not want times, none are kept', () => {
  const policy = { keepsTimes: false };
  const [one, partial] = [stroke(), shape({ partial: true })];
  assert.deepEqual(decided(room(), draw(one, { times: TIMES }), { policy }), [drawn(one)]);
  const whole = stroke({ id: partial.id });
  assert.deepEqual(decided(room(partial), draw(whole, { times: TIMES }), { policy }), [completed(whole)]);
  // They are judged all the same.
  assert.equal(decided(room(), draw(one, { times: '!' }), { policy }), 'invalid_input');
});

test('an id in use is refused, hidden or not', () => {
  for (const used of [shape(), shape({ hidden: true })]) {
    assert.equal(decided(room(used), draw(stroke({ id: used.id }))), 'shape_id_taken');
  }
});

test('its author completes a partial shape, and nobody else does', () => {
  const partial = shape({ partial: true });
  const whole = stroke({ id: partial.id });
  assert.deepEqual(decided(room(partial), draw(whole)), [completed(whole)]);
  assert.equal(decided(room({ ...partial, by: 2 }), draw(whole)), 'shape_id_taken');
});

test('a full board takes no more', () => {
  const among = (visible: number) => decided(room(), draw(stroke()), { visible });
  const heavy = stroke();
  const left = LIMITS.weightPerBoard - weightOf(heavy);
  assert.equal(decided(room(), draw(heavy), { weight: left }).length, 1);
  assert.equal(decided(room(), draw(heavy), { weight: left + 1 }), 'board_full');
  assert.equal(among(LIMITS.shapesPerBoard), 'board_full');
  assert.equal(among(LIMITS.shapesPerBoard - 1).length, 1);
});

test('on a full board what is partial is completed in its own place, and hidden it takes none', () => {
  const partial = shape({ ...stroke({ points: 'AACC' }), partial: true });
  const full = { visible: LIMITS.shapesPerBoard, weight: LIMITS.weightPerBoard };
  assert.equal(decided(room(partial), draw(withPoints(stroke({ id: partial.id }), 'AAEE')), full).length, 1);
  assert.equal(decided(room(partial), draw(withPoints(stroke({ id: partial.id }), 'AACCCC')), full), 'board_full');
  const hidden = { ...partial, hidden: true } as const;
  assert.equal(decided(room(hidden), draw(withPoints(stroke({ id: partial.id }), 'AACCCC')), full).length, 1);
});
