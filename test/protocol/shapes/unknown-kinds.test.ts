/** Shapes of kinds that only a later version knows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { type AnyForm, boundsOf, shapeModule, type ShapeModule, weightOf } from '../../../protocol/shapes/index.js';
import { stroke } from '../../support/strokes.js';
import { holds } from '../../support/properties/holds.js';

const formOf = (more: object, kind = 'note'): AnyForm => ({ id: 'AAAAAAAA', kind, ...more });
const placed = (place: unknown) => boundsOf(formOf({ place }));

test('a box that is placed is where it is, also when it is turned', () => {
  const place = { x: 10, y: 20, width: 40, height: 20 };
  assert.deepEqual(placed(place), { minX: 10, minY: 20, maxX: 50, maxY: 40 });
  const turned = placed({ ...place, angle: Math.PI / 2 }) ?? assert.fail();
  const expected = { minX: 20, minY: 10, maxX: 40, maxY: 50 };
  for (const [side, at] of Object.entries(expected)) {
    assert.ok(Math.abs(turned[side as keyof typeof expected] - at) < 1e-9, side);
  }
});

test('without a box that can be read there is none', () => {
  const place = { x: 0, y: 0, width: 1, height: 1 };
  assert.equal(boundsOf(formOf({})), undefined);
  for (const bad of [undefined, null, 7, 'here', [], [0, 0, 1, 1], {}, { x: 0, y: 0 }]) {
    assert.equal(placed(bad), undefined, JSON.stringify(bad));
  }
  for (const member of ['x', 'y', 'width', 'height', 'angle']) {
    for (const value of [NaN, Infinity, -Infinity, '0', null, {}, [0], 1e308]) {
      assert.equal(placed({ ...place, [member]: value }), undefined, `${member}: ${JSON.stringify(value)}`);
    }
  }
  for (const side of ['width', 'height']) assert.equal(placed({ ...place, [side]: -1 }), undefined);
});

test('whatever is sent, a box is finite and not inside out', t =>
  holds(
    t,
    fc.property(
      fc.record({ x: fc.double(), y: fc.double(), width: fc.double(), height: fc.double(), angle: fc.double() }),
      place => {
        const box = placed(place);
        if (!box) return;
        assert.ok(Object.values(box).every(Number.isFinite));
        assert.ok(box.minX <= box.maxX && box.minY <= box.maxY);
      },
    ),
    { runs: 1_000 },
  ));

test('it weighs what its JSON does, and nothing is known of it besides', () => {
  const form = formOf({ content: { text: 'x'.repeat(100) } });
  assert.equal(weightOf(form), JSON.stringify(form).length);
  for (const kind of ['note', 'constructor', '__proto__', 'toString', '']) assert.equal(shapeModule(kind), undefined);
});

test('a registry may know it', () => {
  const note: ShapeModule = {
    kind: 'note',
    weight: () => 7,
    points: () => 0,
    bounds: () => ({ minX: 0, minY: 0, maxX: 1, maxY: 1 }),
    fault: () => undefined,
  };
  assert.equal(weightOf(formOf({}), { note }), 7);
  assert.deepEqual(boundsOf(formOf({}), { note }), { minX: 0, minY: 0, maxX: 1, maxY: 1 });
  assert.equal(weightOf(stroke({ points: 'AACC' }), {}), JSON.stringify(stroke({ points: 'AACC' })).length);
});
