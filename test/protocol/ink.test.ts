import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import {
  countPoints,
  decodeInk,
  decodeTimes,
  encodeInk,
  encodeTimes,
  INK_POINTS,
  INK_SCALE,
  InkEncoder,
  type InkFormat,
  type InkPoint,
  PRESSURE_MAX,
  scaleForZoom,
} from '../../protocol/ink.js';
import { LIMITS } from '../../protocol/limits.js';

const format = fc.record({
  scale: fc.integer({ min: INK_SCALE.min, max: INK_SCALE.max }),
  pressure: fc.boolean(),
});
const coordinate = fc.double({ min: -LIMITS.boardExtent, max: LIMITS.boardExtent, noNaN: true });
const point: fc.Arbitrary<InkPoint> = fc.record({
  x: coordinate,
  y: coordinate,
  pressure: fc.double({ min: 0, max: 1, noNaN: true }),
});
const points = fc.array(point, { maxLength: 60 });

describe('ink', () => {
  test('what is read is what was written, to half a step of its grid', () => {
    fc.assert(
      fc.property(points, format, (drawn, { scale, pressure }) => {
        const text = encodeInk(drawn, { scale, pressure });
        assert.match(text, INK_POINTS);
        const read = decodeInk(text, { scale, pressure });
        assert.ok(read);
        const stride = pressure ? 3 : 2;
        assert.equal(read.length, drawn.length * stride);
        const half = 2 ** scale / 2;
        for (const [index, { x, y, pressure: force = NaN }] of drawn.entries()) {
          const [readX = NaN, readY = NaN, readForce = NaN] = read.subarray(index * stride, index * stride + stride);
          assert.ok(Math.abs(readX - x) <= half && Math.abs(readY - y) <= half);
          if (pressure) assert.ok(Math.abs(readForce - force) <= 0.5 / PRESSURE_MAX + 1e-12);
        }
      }),
    );
  });

  test('reading and writing again changes nothing', () => {
    fc.assert(
      fc.property(points, format, (drawn, { scale, pressure }) => {
        const text = encodeInk(drawn, { scale, pressure });
        const stride = pressure ? 3 : 2;
        const read = decodeInk(text, { scale, pressure }) ?? new Float64Array();
        const again = Array.from({ length: read.length / stride }, (_, index): InkPoint => {
          const [x = NaN, y = NaN, force] = read.subarray(index * stride, index * stride + stride);
          return force === undefined ? { x, y } : { x, y, pressure: force };
        });
        assert.equal(encodeInk(again, { scale, pressure }), text);
      }),
    );
  });

  test('the pieces of a stroke, one behind the other, are the stroke', () => {
    fc.assert(
      fc.property(fc.array(points, { maxLength: 8 }), format, (pieces, written) => {
        const encoder = new InkEncoder(written);
        assert.equal(pieces.map(piece => encoder.add(piece)).join(''), encodeInk(pieces.flat(), written));
      }),
    );
  });

  test('a slow, even line costs two characters a point', () => {
    const line = Array.from({ length: 101 }, (_, index) => ({ x: index * 3, y: index * -2 }));
    assert.equal(encodeInk(line, { scale: 0, pressure: false }).length, 202);
  });

  test('the written form stays what it is: strokes are kept in it', () => {
    const flat: InkFormat = { scale: 0, pressure: false };
    assert.equal(
      encodeInk(
        [
          { x: 0, y: 0 },
          { x: 1, y: -1 },
          { x: 17, y: 1_000 },
        ],
        flat,
      ),
      'AACDgBy-B',
    );
    assert.equal(encodeInk([{ x: 0.5, y: -0.25, pressure: 1 }], { scale: -2, pressure: true }), 'ED-D');
  });

  test('hostile text is read as nothing, quickly', () => {
    const flat: InkFormat = { scale: 0, pressure: false };
    for (const text of ['A', 'AAA', 'g', 'Ag', 'A!', 'AÄ', '\0\0', 'A A', '====', 'AA\n', '💥', '_'.repeat(48_000)]) {
      assert.equal(decodeInk(text, flat), undefined, text.slice(0, 10));
    }
    assert.equal(decodeInk('AA', { ...flat, pressure: true }), undefined);
    // Numbers of so many digits that a double no longer holds them, or overflows into what compares
    // with nothing.
    for (const digits of [11, 12, 205, 300]) assert.equal(decodeInk(`${'g'.repeat(digits)}BA`, flat), undefined);
    assert.equal(decodeInk('AAD', { ...flat, pressure: true }), undefined, 'less than no pressure');
    assert.deepEqual(decodeInk('', flat), new Float64Array());
  });

  test('whatever the text, what is read are finite numbers within the extent', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9_-]{0,80}$/));
    fc.assert(
      fc.property(text, format, (hostile, { scale, pressure }) => {
        const read = decodeInk(hostile, { scale, pressure }, LIMITS.boardExtent);
        if (!read) return;
        assert.equal(read.length % (pressure ? 3 : 2), 0);
        assert.ok(read.every(number => Math.abs(number) <= LIMITS.boardExtent));
      }),
      { numRuns: 1_000 },
    );
  });

  test('a sum of many small steps does not leave the board either', () => {
    const step = encodeInk(
      [
        { x: 0, y: 0 },
        { x: 600_000, y: 0 },
      ],
      { scale: 0, pressure: false },
    ).slice(2);
    assert.ok(decodeInk(`AA${step}`, { scale: 0, pressure: false }, LIMITS.boardExtent));
    assert.equal(decodeInk(`AA${step}${step}`, { scale: 0, pressure: false }, LIMITS.boardExtent), undefined);
  });

  test('points are counted without being read', () => {
    for (const pressure of [false, true]) {
      const points = Array.from({ length: 41 }, (_, index) => ({
        x: index * 70 - 1_000,
        y: -(index ** 3),
        pressure: 0.3,
      }));
      assert.equal(countPoints(encodeInk(points, { scale: -2, pressure }), pressure), 41);
    }
    assert.equal(countPoints('', false), 0);
    assert.equal(countPoints('CCC', false), 2);
    assert.equal(countPoints('____', true), 0);
  });

  test('the grid is about a quarter of a screen pixel at any zoom', () => {
    assert.equal(scaleForZoom(1), -2);
    assert.equal(scaleForZoom(4), -4);
    assert.equal(scaleForZoom(0.25), 0);
    assert.equal(scaleForZoom(1e9), INK_SCALE.min);
    assert.equal(scaleForZoom(1e-9), INK_SCALE.max);
  });

  test('the written form of times stays what it is, too', () => {
    assert.equal(encodeTimes([]), '');
    assert.equal(encodeTimes([5]), '');
    assert.equal(encodeTimes([1_000, 1_008, 1_008, 1_024]), 'IX');
    assert.equal(encodeTimes([0, 8 * 6, 8 * 13, 8 * 44]), '3HmP');
    assert.deepEqual(decodeTimes('3HmP'), [6, 13, 44]);
    assert.deepEqual(decodeTimes(''), []);
  });

  test('times of a steady pen cost half a character a point', () => {
    const times = Array.from({ length: 101 }, (_, index) => index * (1_000 / 120));
    assert.equal(encodeTimes(times).length, 50);
  });

  test('hostile times are read as nothing', () => {
    for (const text of [
      '_',
      'A8',
      'A!',
      'AÄ',
      '\0',
      'A A',
      '=',
      'A\n',
      '💥',
      'Á',
      `${'_'.repeat(9)}A`,
      '_'.repeat(300),
    ]) {
      assert.equal(decodeTimes(text), undefined, text.slice(0, 10));
    }
  });
});
