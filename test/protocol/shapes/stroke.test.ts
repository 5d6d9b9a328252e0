import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encodeInk, encodeTimes, type InkPoint } from '../../../protocol/ink.js';
import { LIMITS } from '../../../protocol/limits.js';
import { stroke as module, strokeOf, WIDEST } from '../../../protocol/shapes/stroke.js';
import { stroke } from '../../support/strokes.js';

const PATH: readonly InkPoint[] = [
  { x: 10, y: -20, pressure: 1 },
  { x: 40, y: 0, pressure: 0 },
  { x: 30, y: 5, pressure: 0.5 },
];

test('it weighs as much as its points are long', () => {
  assert.equal(module.weight(stroke({ points: 'AACC' })), 4);
  assert.equal(module.weight(stroke({ points: '' })), 0);
});

test('its points are counted, with pressure or without', () => {
  for (const pressure of [false, true]) {
    const points = encodeInk(PATH, { scale: -2, pressure });
    assert.equal(module.points(stroke({ points, pressure })), 3);
  }
});

test('its box holds its points and half its width, and all that pressure may add to that', () => {
  const boxOf = (pressure: boolean) =>
    module.bounds(stroke({ width: 4, pressure, points: encodeInk(PATH, { scale: -2, pressure }) }));
  assert.deepEqual(boxOf(false), { minX: 8, minY: -22, maxX: 42, maxY: 7 });
  const reach = 2 * WIDEST;
  assert.deepEqual(boxOf(true), { minX: 10 - reach, minY: -20 - reach, maxX: 40 + reach, maxY: 5 + reach });
  const dot = stroke({ width: 2, points: encodeInk([{ x: 1, y: 2 }], { scale: -2, pressure: false }) });
  assert.deepEqual(module.bounds(dot), { minX: 0, minY: 1, maxX: 2, maxY: 3 });
});

test('it has no box where it can not be read', () => {
  for (const points of ['', 'A', 'g', '!!']) assert.equal(module.bounds(stroke({ points })), undefined, points);
});

test('its points must be whole points on the board, one at least', () => {
  const format = { scale: 0, pressure: false };
  const at = (x: number) => stroke({ ...format, points: encodeInk([{ x, y: 0 }], format) });
  assert.equal(module.fault(at(LIMITS.boardExtent), undefined), undefined);
  for (const bad of [at(LIMITS.boardExtent + 1), ...['', 'A', 'AAA', 'g'].map(points => stroke({ points }))]) {
    assert.match(module.fault(bad, undefined) ?? '', /points/);
  }
  assert.match(module.fault(stroke({ pressure: true, points: 'AA' }), undefined) ?? '', /points/);
});

test('its times must be one for each point after the first', () => {
  for (const pressure of [false, true]) {
    const shape = stroke({ pressure, points: encodeInk(PATH, { scale: -2, pressure }) });
    assert.equal(module.fault(shape, encodeTimes([0, 8, 100_000])), undefined);
    for (const times of ['', 'H', 'AH', 'A_', 'A!']) assert.match(module.fault(shape, times) ?? '', /times/);
  }
  assert.equal(module.fault(stroke({ points: 'AA' }), ''), undefined);
});

test('a stroke in progress is the stroke that it becomes', () => {
  const shape = stroke({ color: '#12ab9f', width: 2.5, scale: -8, pressure: true, points: 'AAA' });
  const { color, width } = shape.look;
  assert.deepEqual(strokeOf([shape.id, color, width, -8, 1, 'AAA']), shape);
  assert.deepEqual(strokeOf([shape.id, color, width, -8, 0, 'AAA']).content.pressure, false);
});

test('what it says is listed in an order that stays for ever', () => {
  const shape = stroke({ id: 'strokeA1', color: 'red', width: 2, scale: 0, pressure: false, points: 'CC' });
  assert.deepEqual(module.members?.(shape), ['strokeA1', 'stroke', 'red', 2, 0, false, 'CC']);
});
