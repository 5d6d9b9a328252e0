import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  fitting,
  panned,
  resized,
  toBoard,
  toScreen,
  visibleBox,
  zoomedAbout,
  ZOOM,
} from '../../../widget/sketch/camera.js';
import { NOWHERE } from '../../../protocol/shapes/box.js';
import { holds } from '../../../widget/sketch/space.js';
import { boxDistance, segmentDistance, touchesStroke } from '../../../widget/sketch/hit-test.js';
import { simplify } from '../../../widget/sketch/simplify.js';
import { eachSegment, pointOn } from '../../../widget/sketch/stroke-curve.js';
import { boxOf, radiusAt, type StrokeGeometry } from '../../../widget/sketch/stroke-geometry.js';
import type { PathSink } from '../../../widget/sketch/brush.js';
import { isOutline, traceOutline, traceWay } from '../../../widget/sketch/stroke-path.js';

const VIEW = { width: 800, height: 600 };

const line = (points: number[], more: Partial<StrokeGeometry> = {}): StrokeGeometry => ({
  ...{ points, pressure: false, width: 4, grid: 0.25, slack: 1 },
  ...more,
});

/** The points of these numbers. */
const flat = (points: number[], kept: number[]): number[] => kept.flatMap(at => points.slice(2 * at, 2 * at + 2));

/** Points of the curve that is drawn, many to a segment. */
function drawn(geometry: StrokeGeometry): { x: number; y: number }[] {
  const points: { x: number; y: number }[] = [];
  eachSegment(geometry, undefined, segment => {
    for (let t = 0; t <= 1; t += 0.05) points.push(pointOn(segment, t));
  });
  return points;
}

describe('camera', () => {
  test('board and screen are each other turned round', () => {
    const camera = { x: -37, y: 1200, zoom: 2.5 };
    assert.deepEqual(toScreen(camera, toBoard(camera, { x: 123, y: 45 })), { x: 123, y: 45 });
  });

  test('zooming keeps what is under the pointer there', () => {
    const at = { x: 200, y: 100 };
    const before = { x: 10, y: 20, zoom: 1 };
    const after = zoomedAbout(before, 3, at);
    assert.equal(after.zoom, 3);
    assert.deepEqual(toBoard(after, at), toBoard(before, at));
  });

  test('zoom stays within its bounds', () => {
    assert.equal(zoomedAbout({ x: 0, y: 0, zoom: 1 }, 1e9, { x: 0, y: 0 }).zoom, ZOOM.max);
    assert.equal(zoomedAbout({ x: 0, y: 0, zoom: 1 }, 1e-9, { x: 0, y: 0 }).zoom, ZOOM.min);
  });

  test('a view does not wander off to where nothing can be drawn', () => {
    assert.equal(panned({ x: 0, y: 0, zoom: 1 }, -1e9, 0).x, 1_000_000);
  });

  test('all content is in view on any screen, in the middle, never enlarged', () => {
    const content = { minX: -3000, minY: 100, maxX: 5000, maxY: 900 };
    for (const view of [VIEW, { width: 320, height: 500 }, { width: 2500, height: 1300 }]) {
      const camera = fitting(content, view);
      assert.ok(holds(visibleBox(camera, view), content), `${String(view.width)} px`);
      assert.ok(Math.abs(toScreen(camera, { x: 1000, y: 0 }).x - view.width / 2) < 1e-6);
    }
    assert.equal(fitting({ minX: 0, minY: 0, maxX: 10, maxY: 10 }, VIEW).zoom, 1);
    assert.ok(Math.abs(toScreen(fitting(NOWHERE, VIEW), { x: 0, y: 0 }).x - VIEW.width / 2) < 1e-6);
  });

  test('another size keeps the middle', () => {
    const before = { x: 5, y: 6, zoom: 2 };
    const after = resized(before, VIEW, { width: 400, height: 1000 });
    assert.deepEqual(toBoard(after, { x: 200, y: 500 }), toBoard(before, { x: 400, y: 300 }));
  });
});

describe('simplifying', () => {
  test('nothing left out lies farther away than the tolerance', () => {
    const points = Array.from({ length: 400 }, (_, index) => [index / 2, 40 * Math.sin(index / 25)]).flat();
    const kept = flat(points, simplify(points, { pressure: false, width: 4, tolerance: 0.4 }));
    assert.ok(kept.length < points.length / 4, `${String(kept.length / 2)} of 400 points`);
    for (let at = 0; at < points.length; at += 2) {
      const point = { x: points[at] ?? 0, y: points[at + 1] ?? 0 };
      let nearest = Infinity;
      for (let from = 0; from + 3 < kept.length; from += 2) {
        const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = kept.slice(from, from + 4);
        nearest = Math.min(nearest, segmentDistance(point, point, { x: x0, y: y0 }, { x: x1, y: y1 }));
      }
      assert.ok(nearest <= 0.4 + 1e-9);
    }
  });

  test('a swelling on a straight line is kept', () => {
    const points = [0, 0, 0.2, 50, 0, 0.9, 100, 0, 0.2];
    assert.deepEqual(simplify(points, { pressure: true, width: 8, tolerance: 0.4 }), [0, 1, 2]);
    assert.deepEqual(simplify(points, { pressure: true, width: 0.1, tolerance: 0.4 }), [0, 2]);
  });

  test('one point and none stay what they are', () => {
    assert.deepEqual(simplify([3, 4], { pressure: false, width: 4, tolerance: 1 }), [0]);
    assert.deepEqual(simplify([], { pressure: false, width: 4, tolerance: 1 }), []);
  });
});

describe('the curve', () => {
  test('a simplified circle is still round', () => {
    const raw = Array.from({ length: 361 }, (_, degree) => {
      const angle = (degree * Math.PI) / 180;
      return [80 * Math.cos(angle), 80 * Math.sin(angle)];
    }).flat();
    const kept = flat(raw, simplify(raw, { pressure: false, width: 4, tolerance: 0.4 }));
    assert.ok(kept.length / 2 < 64);
    for (const { x, y } of drawn(line(kept))) assert.ok(Math.abs(Math.hypot(x, y) - 80) < 0.5);
  });

  test('a rectangle keeps its corners', () => {
    const corners = [0, 0, 200, 0, 200, 100, 0, 100, 0, 0];
    for (const { x, y } of drawn(line(corners))) {
      const edge = Math.min(Math.abs(x), Math.abs(x - 200), Math.abs(y), Math.abs(y - 100));
      assert.ok(edge < 1e-9, `${String(x)}, ${String(y)} is on no edge`);
    }
  });

  test('a blunt corner between long lines is not rounded beyond the slack', () => {
    for (const { x, y } of drawn(line([0, 0, 100, 0, 170, 70]))) {
      const spot = { x, y };
      const away = Math.min(
        segmentDistance(spot, spot, { x: 0, y: 0 }, { x: 100, y: 0 }),
        segmentDistance(spot, spot, { x: 100, y: 0 }, { x: 170, y: 70 }),
      );
      assert.ok(away <= 1, String(away));
    }
  });

  test('what is drawn of a growing stroke does not change, but for the last two segments', () => {
    const points = [0, 0, 9, 3, 20, 4, 28, 12, 30, 25, 41, 30];
    const whole = drawn(line(points, { slack: Infinity }));
    const before = drawn(line(points.slice(0, -2), { slack: Infinity }));
    const same = before.slice(0, before.length - 2 * 20);
    assert.deepEqual(whole.slice(0, same.length), same);
  });

  test('only what may show in a box is written', () => {
    const visited: number[] = [];
    const near = { minX: 95, minY: -5, maxX: 105, maxY: 5 };
    eachSegment(line([0, 0, 50, 0, 100, 0, 150, 0, 200, 0]), near, ({ index }) => visited.push(index));
    assert.deepEqual(visited, [1, 2]);
  });

  test('a tap is a dot, pressure an outline, all else a way', () => {
    const calls: string[] = [];
    const sink: PathSink = {
      moveTo: () => calls.push('move'),
      lineTo: () => calls.push('line'),
      bezierCurveTo: () => calls.push('curve'),
      arc: (x, y, radius) => calls.push(`arc ${String(x)} ${String(y)} ${String(radius)}`),
      closePath: () => calls.push('close'),
    };
    const paint = (geometry: StrokeGeometry): string => {
      if (!isOutline(geometry)) traceWay(geometry, sink);
      else traceOutline(geometry, sink);
      return isOutline(geometry) ? 'outline' : 'way';
    };
    assert.equal(paint(line([7, 8])), 'outline');
    assert.deepEqual(calls.splice(0), ['move', 'arc 7 8 2', 'close']);
    assert.equal(paint(line([0, 0, 9, 9])), 'way');
    assert.deepEqual(calls.splice(0), ['move', 'line']);
    assert.equal(paint(line([0, 0, 1, 9, 9, 0], { pressure: true })), 'outline');
    assert.equal(calls[1], `arc 0 0 ${String(radiusAt(4, 1))}`);
  });

  test('the box holds all ink, also where it is pressed hardest', () => {
    assert.deepEqual(boxOf(line([0, 0, 100, 50])), { minX: -2, minY: -2, maxX: 102, maxY: 52 });
    const pressed = boxOf(line([0, 0, 1, 100, 50, 1], { pressure: true }));
    assert.equal(pressed.maxX, 100 + radiusAt(4, 1));
  });
});

describe('touching', () => {
  const stroke = line([0, 0, 100, 0]);

  test('the width of the ink counts, and the radius of what touches', () => {
    assert.ok(touchesStroke(stroke, { x: 50, y: 7 }, { x: 50, y: 7 }, 5));
    assert.ok(!touchesStroke(stroke, { x: 50, y: 7.1 }, { x: 50, y: 7.1 }, 5));
  });

  test('a fast eraser that jumps across touches', () => {
    assert.ok(touchesStroke(stroke, { x: 50, y: -300 }, { x: 52, y: 300 }, 5));
    assert.ok(!touchesStroke(stroke, { x: 150, y: -300 }, { x: 152, y: 300 }, 5));
  });

  test('a box is touched inside and at its edges, also by what jumps across', () => {
    const box = { minX: 0, minY: 0, maxX: 100, maxY: 50 };
    assert.equal(boxDistance({ x: 50, y: 25 }, { x: 50, y: 25 }, box), 0);
    assert.equal(boxDistance({ x: -300, y: 20 }, { x: 300, y: 30 }, box), 0);
    assert.equal(boxDistance({ x: 110, y: 25 }, { x: 130, y: 25 }, box), 10);
  });

  test('a dot can be touched', () => {
    assert.ok(touchesStroke(line([10, 10]), { x: 12, y: 10 }, { x: 12, y: 10 }, 1));
  });
});
