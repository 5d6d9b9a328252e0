/** How strokes are written: in pieces as they are drawn, which together are the whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import {
  decodeInk,
  decodeTimes,
  encodeInk,
  encodeTimes,
  INK_POINTS,
  INK_SCALE,
  InkEncoder,
  type InkFormat,
  type InkPoint,
  TIME_STEP,
} from '../../protocol/ink.js';
import { LIMITS } from '../../protocol/limits.js';
import { holds } from '../support/properties/holds.js';
import { plainRecord } from '../support/properties/plain-record.js';

const format: fc.Arbitrary<InkFormat> = plainRecord({
  scale: fc.integer({ min: INK_SCALE.min, max: INK_SCALE.max }),
  pressure: fc.boolean(),
});

/**
 * Most devices report whole or half pixels near the last ones; a few points are anywhere on the
 * board.
 */
const coordinate = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: fc.integer({ min: -4_000, max: 4_000 }).map(half => half / 2) },
  { weight: 1, arbitrary: fc.double({ min: -LIMITS.boardExtent, max: LIMITS.boardExtent, noNaN: true }) },
);
const point: fc.Arbitrary<InkPoint> = fc.record(
  { x: coordinate, y: coordinate, pressure: fc.double({ min: 0, max: 1, noNaN: true }) },
  { requiredKeys: ['x', 'y'], noNullPrototype: true },
);
const points = fc.array(point, { minLength: 1, maxLength: 40, size: 'max' });

/** The numbers that encoded points are read as; the text must be whole points. */
function read(text: string, written: InkFormat): readonly number[] {
  return [...(decodeInk(text, written) ?? assert.fail(`not whole points: ${text}`))];
}

test('however a stroke is drawn in pieces, its pieces together are the stroke, and each beginning of it can be read', t =>
  holds(
    t,
    fc.property(fc.array(points, { minLength: 1, maxLength: 8 }), format, (pieces, written) => {
      const encoder = new InkEncoder(written);
      const whole = read(encodeInk(pieces.flat(), written), written);
      let text = '';
      for (const piece of pieces) {
        text += encoder.add(piece);
        assert.match(text, INK_POINTS);
        const begun = read(text, written);
        assert.deepEqual(begun, whole.slice(0, begun.length));
      }
      assert.deepEqual(read(text, written), whole);
    }),
    { runs: 300 },
  ));

test('a point is read where it was drawn, to half a step of its grid, however long the way to it', t =>
  holds(
    t,
    fc.property(points, format, (drawn, written) => {
      const numbers = read(encodeInk(drawn, written), written);
      const stride = written.pressure ? 3 : 2;
      assert.equal(numbers.length, drawn.length * stride);
      const half = 2 ** written.scale / 2;
      for (const [index, { x, y }] of drawn.entries()) {
        const [readX = NaN, readY = NaN] = numbers.slice(index * stride);
        assert.ok(Math.abs(readX - x) <= half && Math.abs(readY - y) <= half);
      }
    }),
    { runs: 300 },
  ));

/** Milliseconds from one point to the next: mostly what pens report, now and then a rest. */
const pause = fc.oneof(
  { withCrossShrink: true },
  { weight: 9, arbitrary: fc.double({ min: 0, max: 40, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 86_400_000, noNaN: true }) },
);
const begin = fc.double({ min: 0, max: 4e12, noNaN: true });

test('a point is told when it was drawn, to half a step, however long the stroke', t =>
  holds(
    t,
    fc.property(begin, fc.array(pause, { maxLength: 200, size: 'max' }), (first, pauses) => {
      const times = [first];
      for (const each of pauses) times.push((times.at(-1) ?? first) + each);
      const text = encodeTimes(times);
      assert.match(text, INK_POINTS);
      const told = decodeTimes(text) ?? assert.fail(`not times: ${text}`);
      assert.equal(told.length, pauses.length);
      for (const [index, steps] of told.entries()) {
        const drawn = (times[index + 1] ?? NaN) - first;
        // What a sum of large doubles loses is less than a thousandth.
        assert.ok(Math.abs(steps * TIME_STEP - drawn) <= TIME_STEP / 2 + 0.001);
      }
    }),
    { runs: 300 },
  ));

test('a clock that was set back makes no time fall', t =>
  holds(
    t,
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 30 }), times => {
      const told = decodeTimes(encodeTimes(times)) ?? assert.fail();
      assert.equal(told.length, Math.max(0, times.length - 1));
      assert.ok(told.every((steps, index) => steps >= (told[index - 1] ?? 0)));
    }),
    { runs: 200 },
  ));

test('whatever the text, what is read as times are whole steps that never fall', t =>
  holds(
    t,
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9_-]{0,80}$/)), text => {
      const told = decodeTimes(text);
      if (!told) return;
      assert.match(text, INK_POINTS);
      assert.ok(told.every((steps, index) => Number.isSafeInteger(steps) && steps >= (told[index - 1] ?? 0)));
    }),
    { runs: 1_000 },
  ));
