/** Encoded points as they are cut into live frames. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { decodeInk, encodeInk, INK_SCALE, type InkPoint } from '../../../protocol/ink.js';
import { LIMITS } from '../../../protocol/limits.js';
import { nextPiece } from '../../../widget/session/live-out.js';
import { holds } from '../../support/properties/holds.js';
import { plainRecord } from '../../support/properties/plain-record.js';

const coordinate = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -LIMITS.boardExtent, max: LIMITS.boardExtent, noNaN: true }),
);
const point: fc.Arbitrary<InkPoint> = plainRecord({
  x: coordinate,
  y: coordinate,
  pressure: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('each piece ends with a whole point and fits into a frame, and nothing is left out', t =>
  holds(
    t,
    fc.property(
      fc.array(point, { minLength: 1, maxLength: 20, size: 'max' }),
      plainRecord({ scale: fc.integer({ min: INK_SCALE.min, max: INK_SCALE.max }), pressure: fc.boolean() }),
      fc.integer({ min: 1, max: 200 }),
      (drawn, format, times) => {
        const text = encodeInk(Array.from({ length: times }, () => drawn).flat(), format);
        let sent = '';
        while (sent.length < text.length) {
          const piece = nextPiece(text, sent.length, format.pressure ? 3 : 2);
          assert.ok(piece.length > 0 && piece.length <= LIMITS.livePoints);
          sent += piece;
          assert.ok(decodeInk(sent, format), 'what was sent so far can be drawn');
        }
        assert.equal(sent, text);
      },
    ),
    { runs: 60 },
  ));
