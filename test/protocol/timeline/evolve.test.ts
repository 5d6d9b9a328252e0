import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { EventPayload } from '../../../protocol/timeline/events.js';
import { evolve, lacks } from '../../../protocol/timeline/evolve.js';
import { shapesSince, visibleShapes } from '../../../protocol/timeline/state.js';
import { stroke } from '../../support/strokes.js';
import { cleared, drawn, entered, erased, posted, undone } from '../../support/commands.js';
import { next, roomAfter, toWhoComesLate } from './told.js';

const idsOf = (shapes: readonly { readonly id: string }[]) => shapes.map(({ id }) => id);

describe('evolve', () => {
  const [one, two] = [stroke(), stroke()];
  const begun: readonly EventPayload[] = [drawn(one), drawn(two)];

  test('people are known by the index of their events, under their last name', () => {
    const state = roomAfter(entered({ id: 'ann', name: 'Ann' }), entered({ id: 'ann', name: 'Anna' }));
    assert.deepEqual(state.people, new Map([[1, { id: 'ann', name: 'Anna' }]]));
    assert.equal(state.seq, 2);
  });

  test('messages lie in order', () => {
    const state = roomAfter(posted('a'), posted('b'));
    assert.deepEqual(
      [...state.messages.values()],
      [
        { seq: 1, by: 1, at: 1_000, text: 'a' },
        { seq: 2, by: 1, at: 1_001, text: 'b' },
      ],
    );
  });

  test('a shape knows who drew it and when, and what last showed or hid it', () => {
    const state = roomAfter(...begun, erased([one.id, 'unheard-']));
    assert.deepEqual(state.shapes.get(one.id), { ...one, by: 1, at: 1_000, seq: 1, since: 3, hidden: true });
    assert.deepEqual(idsOf(visibleShapes(state)), [two.id]);
  });

  test('what is hidden is not hidden again: the first to hide it can bring it back', () => {
    const state = roomAfter(...begun, erased([one.id]), erased([one.id, two.id]), undone(3, 1));
    assert.deepEqual(idsOf(visibleShapes(state)), [one.id]);
    assert.deepEqual(idsOf(shapesSince(state, 4)), [two.id]);
  });

  test('a clearing hides everything, its undoing brings all of it back as it was drawn', () => {
    const state = roomAfter(...begun, cleared());
    assert.deepEqual(visibleShapes(state), []);
    evolve(state, next(state, undone(3, 2)));
    assert.deepEqual(idsOf(visibleShapes(state)), [one.id, two.id]);
    assert.equal('hidden' in (state.shapes.get(one.id) ?? {}), false);
    evolve(state, next(state, undone(1, 1)));
    assert.deepEqual(idsOf(visibleShapes(state)), [two.id]);
  });

  test('who starts from a snapshot is told that hidden shapes are lacking before they are needed', () => {
    const state = roomAfter(...begun, erased([one.id]));
    const late = toWhoComesLate(state);
    const bringsBack = next(state, undone(3, 1));
    assert.equal(lacks(state, bringsBack), false);
    assert.equal(lacks(late, bringsBack), true);
    const hides = next(state, undone(2, 1));
    assert.equal(lacks(late, hides), false);
    assert.equal(lacks(late, next(state, erased([one.id]))), false);
  });
});
