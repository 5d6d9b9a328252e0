import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { decodeInk, scaleForZoom, type InkPoint } from '../../../protocol/ink.js';
import { LIMITS } from '../../../protocol/limits.js';
import { SHAPE_ID } from '../../../protocol/names.js';
import { SteadyHand } from '../../../widget/sketch/steady-hand.js';
import { StrokeRecorder } from '../../../widget/sketch/stroke-recorder.js';

const PEN = { color: 'blue', width: 4 } as const;
const wave = (count: number): InkPoint[] =>
  Array.from({ length: count }, (_, index) => ({ x: index * 3, y: 60 * Math.sin(index / 20) }));

/** The points of a recorded stroke, live and finished. */
function record(points: InkPoint[], zoom = 1) {
  const recorder = new StrokeRecorder(PEN, { zoom, pressure: points[0]?.pressure !== undefined });
  const [first = { x: 0, y: 0 }, ...rest] = points;
  const begin = recorder.begin(first);
  const { pieces, taken } = recorder.add(rest);
  const format = { scale: begin[3], pressure: begin[4] === 1 };
  const live = decodeInk(begin[5] + pieces.join(''), format) ?? [];
  return { recorder, begin, pieces, taken, live, format };
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
    const { recorder, begin, live, format } = record(points);
    const stroke = recorder.finish();
    const kept = decodeInk(stroke.points, format) ?? [];
    assert.equal(stroke.id, begin[0]);
    assert.ok(kept.length < live.length / 2, `${String(kept.length)} of ${String(live.length)}`);
    assert.deepEqual([...kept.slice(0, 2)], [0, 0]);
    const end = points.at(-1) ?? { x: 0, y: 0 };
    const [x = 0, y = 0] = kept.slice(-2);
    assert.ok(Math.hypot(x - end.x, y - end.y) < 0.25);
  });

  test('is as fine as the zoom asks for', () => {
    const near = record(wave(50), 8).recorder.finish();
    const far = record(wave(50), 0.1).recorder.finish();
    assert.equal(near.scale, scaleForZoom(8));
    assert.equal(far.scale, scaleForZoom(0.1));
    assert.ok(near.points.length > far.points.length);
  });

  test('a tap is one point', () => {
    const { recorder, format } = record([{ x: 5, y: -5 }]);
    assert.deepEqual([...(decodeInk(recorder.finish().points, format) ?? [])], [5, -5]);
  });

  test('keeps the pressure of a pen', () => {
    const points = wave(60).map((point, index) => ({ ...point, pressure: index / 60 }));
    const { recorder, format } = record(points);
    const stroke = recorder.finish();
    assert.equal(stroke.pressure, true);
    const kept = decodeInk(stroke.points, format) ?? [];
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
    const { recorder, format } = record([{ x: 0, y: 0 }, { x: 1e9, y: -1e9 }]); // prettier-ignore
    const points = decodeInk(recorder.finish().points, format, LIMITS.boardExtent);
    assert.deepEqual([...(points?.slice(-2) ?? [])], [LIMITS.boardExtent, -LIMITS.boardExtent]);
  });
});

describe('limits', () => {
  const scribble = Array.from({ length: 40_000 }, (_, index) => ({
    x: (index % 2) * 900 + Math.sin(index) * 80,
    y: index % 700,
  }));

  test('a stroke stops before it is too long for one shape, live and finished', () => {
    const { recorder, taken, live, begin, pieces } = record(scribble);
    assert.equal(recorder.full, true);
    assert.ok(taken < scribble.length);
    assert.ok(live.length > 1_000);
    assert.ok((begin[5] + pieces.join('')).length <= LIMITS.strokePoints);
    assert.ok(recorder.finish().points.length <= LIMITS.strokePoints);
    assert.equal(recorder.add(scribble).taken, 0);
  });

  test('each piece fits a live frame', () => {
    const { pieces } = record(scribble);
    assert.ok(pieces.length > 10);
    for (const piece of pieces) assert.ok(piece.length <= LIMITS.livePoints);
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
