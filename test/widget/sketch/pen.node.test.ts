import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { decodeInk, decodeTimes, scaleForZoom, TIME_STEP, type InkPoint } from '../../../protocol/ink.js';
import { LIMITS } from '../../../protocol/limits.js';
import { SHAPE_ID } from '../../../protocol/names.js';
import { SteadyHand } from '../../../widget/sketch/steady-hand.js';
import { StrokeRecorder, type TimedPoint } from '../../../widget/sketch/stroke-recorder.js';

const PEN = { color: 'blue', width: 4 } as const;
const wave = (count: number): InkPoint[] =>
  Array.from({ length: count }, (_, index) => ({ x: index * 3, y: 60 * Math.sin(index / 20) }));

/** The points of a recorded stroke, live and finished. */
function record(drawn: InkPoint[], zoom = 1) {
  const points = drawn.map((point, index) => ({ ...point, time: index * 16 }));
  const recorder = new StrokeRecorder(PEN, { zoom, pressure: points[0]?.pressure !== undefined });
  const [first = { x: 0, y: 0, time: 0 }, ...rest] = points;
  const begin = recorder.begin(first);
  const { pieces, taken } = recorder.add(rest);
  const format = { scale: begin[3], pressure: begin[4] === 1 };
  const live = decodeInk(begin[5] + pieces.join(''), format) ?? [];
  const finish = () => recorder.finish().shape;
  return { recorder, begin, pieces, taken, live, format, finish };
}

describe('a stroke', () => {
  test('pieces put one behind the other are what is shown', () => {
    const { recorder, begin, live } = record(wave(200));
    const shown = recorder.geometry();
    assert.match(begin[0], SHAPE_ID);
    assert.deepEqual(begin.slice(1, 5), ['blue', 4, scaleForZoom(1), 0]);
    assert.equal(live.length, shown.points.length);
    for (let at = 0; at < live.length; at += 1) {
      assert.ok(Math.abs((live[at] ?? 0) - (shown.points[at] ?? 0)) <= 0.125);
    }
  });

  test('kept is less than was drawn, within half a px of it, and ends where the pen did', () => {
    const points = wave(200);
    const { begin, live, format, finish } = record(points);
    const stroke = finish();
    const kept = decodeInk(stroke.content.points, format) ?? [];
    assert.equal(stroke.id, begin[0]);
    assert.ok(kept.length < live.length / 2, `${String(kept.length)} of ${String(live.length)}`);
    assert.deepEqual([...kept.slice(0, 2)], [0, 0]);
    const end = points.at(-1) ?? { x: 0, y: 0 };
    const [x = 0, y = 0] = kept.slice(-2);
    assert.ok(Math.hypot(x - end.x, y - end.y) < 0.25);
  });

  test('is as fine as the zoom asks for', () => {
    const near = record(wave(50), 8).finish().content;
    const far = record(wave(50), 0.1).finish().content;
    assert.equal(near.scale, scaleForZoom(8));
    assert.equal(far.scale, scaleForZoom(0.1));
    assert.ok(near.points.length > far.points.length);
  });

  test('a tap is one point', () => {
    const { finish, format } = record([{ x: 5, y: -5 }]);
    assert.deepEqual([...(decodeInk(finish().content.points, format) ?? [])], [5, -5]);
  });

  test('keeps the pressure of a pen', () => {
    const points = wave(60).map((point, index) => ({ ...point, pressure: index / 60 }));
    const { finish, format } = record(points);
    const { content } = finish();
    assert.equal(content.pressure, true);
    const kept = decodeInk(content.points, format) ?? [];
    assert.ok((kept.at(-1) ?? 0) > 0.9);
    assert.equal(kept[2], 0);
  });

  test('expected points are shown and never kept', () => {
    const { recorder } = record(wave(20));
    const shown = recorder.geometry([{ x: 900, y: 900 }]);
    assert.equal(shown.points.length, recorder.geometry().points.length + 2);
    assert.ok(!Array.from(recorder.geometry().points).includes(900));
  });

  test('stays within the board', () => {
    const { finish, format } = record([{ x: 0, y: 0 }, { x: 1e9, y: -1e9 }]); // prettier-ignore
    const points = decodeInk(finish().content.points, format, LIMITS.boardExtent);
    assert.deepEqual([...(points?.slice(-2) ?? [])], [LIMITS.boardExtent, -LIMITS.boardExtent]);
  });
});

describe('limits', () => {
  const scribble = Array.from({ length: 40_000 }, (_, index) => ({
    x: (index % 2) * 900 + Math.sin(index) * 80,
    y: index % 700,
    time: index * 4,
  }));

  test('a stroke stops before it is too long for one shape, live and finished', () => {
    const { recorder, taken, live, begin, pieces } = record(scribble);
    assert.equal(recorder.full, true);
    assert.ok(taken < scribble.length);
    assert.ok(live.length > 1_000);
    assert.ok((begin[5] + pieces.join('')).length <= LIMITS.strokePoints);
    const { shape, times } = recorder.finish();
    assert.ok(shape.content.points.length <= LIMITS.strokePoints);
    assert.ok(times === undefined || times.length <= LIMITS.strokeTimes);
    assert.equal(recorder.add(scribble).taken, 0);
  });

  test('each piece fits a live frame', () => {
    const { pieces } = record(scribble);
    assert.ok(pieces.length > 10);
    for (const piece of pieces) assert.ok(piece.length <= LIMITS.livePoints);
  });
});

describe('times', () => {
  const timed = (points: readonly TimedPoint[]) => {
    const recorder = new StrokeRecorder(PEN, { zoom: 1, pressure: false });
    const [first = { x: 0, y: 0, time: 0 }, ...rest] = points;
    recorder.begin(first);
    recorder.add(rest);
    const { shape, times } = recorder.finish();
    return { points: decodeInk(shape.content.points, shape.content) ?? [], times };
  };
  const ms = (times: string | undefined): number[] => (decodeTimes(times ?? '') ?? []).map(steps => steps * TIME_STEP);

  test('of kept points are those of drawing, though the pen was slow here and fast there', () => {
    // 100 px a second to the right, then a corner, then 1,000 px a second down.
    const slow = Array.from({ length: 61 }, (_, index) => ({ x: index * 2, y: 0, time: 5_000 + index * 20 }));
    const fast = Array.from({ length: 31 }, (_, index) => ({ x: 120, y: index * 20, time: 6_200 + index * 20 }));
    const { points, times } = timed([...slow, ...fast]);
    const kept = [0, ...ms(times)];
    assert.equal(points.length, 2 * kept.length);
    kept.forEach((time, index) => {
      const [x = 0, y = 0] = points.slice(2 * index, 2 * index + 2);
      const truth = y > 5 ? 1_200 + y : x * 10;
      // A steady hand lags by two px, here of 10 ms each.
      assert.ok(Math.abs(time - truth) <= TIME_STEP + 40, `${String(x)}, ${String(y)}: ${String(time)} ms`);
    });
  });

  test('of points between two samples lie between those of the samples', () => {
    // Round and round at 45° a sample of 100 ms: the curve keeps several points to each.
    const at = (index: number) => ({ angle: (index * Math.PI) / 4, time: index * 100 });
    const circle = Array.from({ length: 16 }, (_, index) => {
      const { angle, time } = at(index);
      return { x: 300 * Math.cos(angle), y: 300 * Math.sin(angle), time };
    });
    const { points, times } = timed(circle);
    const kept = [0, ...ms(times)];
    assert.ok(kept.length > 2 * circle.length);
    kept.forEach((time, index) => {
      const turn = Math.atan2(points[2 * index + 1] ?? 0, points[2 * index] ?? 0) / (Math.PI / 4);
      const off = (time / 100 - turn + 12) % 8;
      assert.ok(Math.abs(off - 4) <= 0.25, `${String(time)} ms, after ${String(turn)} samples of a round`);
    });
  });

  test('are none for a tap, and for a stroke that rested for longer than they can say', () => {
    assert.equal(timed([{ x: 0, y: 0, time: 0 }]).times, undefined);
    const rests = Array.from({ length: 9_000 }, (_, index) => {
      return { x: (index % 2) * 900, y: index % 700, time: index * 1e6 };
    });
    assert.equal(timed(rests).times, undefined);
  });
});

describe('a steady hand', () => {
  test('takes the stairs out of a slow diagonal', () => {
    const hand = new SteadyHand({ x: 0, y: 0 }, 1);
    let worst = 0;
    for (let step = 1; step < 80; step += 1) {
      const { x, y } = hand.follow({ x: Math.round(step / 2), y: Math.round(step / 6) });
      if (step > 12) worst = Math.max(worst, Math.abs(y - x / 3));
    }
    assert.ok(worst < 0.35, String(worst));
  });

  test('stays within two px of the pointer, at any speed and zoom', () => {
    for (const zoom of [0.1, 1, 8]) {
      for (const speed of [0.5, 2, 6, 20, 80]) {
        const hand = new SteadyHand({ x: 0, y: 0 }, zoom);
        for (let step = 1; step < 50; step += 1) {
          const x = (step * speed) / zoom;
          assert.ok((x - hand.follow({ x, y: 0 }).x) * zoom <= 2.5, `${String(zoom)} ${String(speed)}`);
        }
      }
    }
  });
});
