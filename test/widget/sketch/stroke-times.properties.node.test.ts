/** When the points of a stroke were drawn, as it is kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { decodeInk, decodeTimes, TIME_STEP } from '../../../protocol/ink.js';
import { StrokeRecorder, type TimedPoint } from '../../../widget/sketch/stroke-recorder.js';
import { holds } from '../../support/properties/holds.js';
import { plainRecord } from '../../support/properties/plain-record.js';

/** A pen that always goes on, at any speed, and now and then waits for seconds. */
const move = plainRecord({
  dx: fc.integer({ min: -60, max: 60 }),
  dy: fc.integer({ min: 1, max: 60 }),
  wait: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 20_000 })),
  pressure: fc.double({ min: 0, max: 1, noNaN: true }),
});
const pen = plainRecord({
  start: fc.integer({ min: 0, max: 1e9 }),
  zoom: fc.constantFrom(0.1, 1, 4),
  pressed: fc.boolean(),
});

test('times are one for each point after the first, never fall, and last as long as the drawing did', t =>
  holds(
    t,
    fc.property(
      pen,
      fc.array(move, { minLength: 1, maxLength: 120, size: 'max' }),
      ({ start, zoom, pressed }, moves) => {
        const drawn: TimedPoint[] = [{ x: 0, y: 0, time: start, ...(pressed && { pressure: 0.5 }) }];
        for (const { dx, dy, wait, pressure } of moves) {
          const { x, y, time } = drawn.at(-1) ?? { x: 0, y: 0, time: start };
          const at = { x: x + dx / zoom, y: y + dy / zoom, time: time + wait };
          drawn.push(pressed ? { ...at, pressure } : at);
        }
        const [first, ...rest] = drawn;
        const recorder = new StrokeRecorder({ color: 'black', width: 4 }, { zoom, pressure: pressed });
        if (first) recorder.begin(first);
        recorder.add(rest);
        const { shape, times = '' } = recorder.finish();

        const points = (decodeInk(shape.content.points, shape.content)?.length ?? 0) / (pressed ? 3 : 2);
        const kept = decodeTimes(times)?.map(steps => steps * TIME_STEP);
        assert.equal(kept?.length, points - 1);
        kept.forEach((time, index) => assert.ok(time >= (kept[index - 1] ?? 0)));
        const truth = (drawn.at(-1)?.time ?? start) - start;
        assert.ok(Math.abs((kept.at(-1) ?? 0) - truth) <= TIME_STEP, `${kept.at(-1)} of ${truth} ms`);
      },
    ),
    { runs: 200 },
  ));
