import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { EventPayload } from '../../../protocol/timeline/events.js';
import { evolve, lacks } from '../../../protocol/timeline/evolve.js';
import { type RoomState, type Shape, visibleShapes } from '../../../protocol/timeline/state.js';
import { stroke, withPoints } from '../../support/strokes.js';
import { completed, drawn, erased, undone } from '../../support/commands.js';
import { next, roomAfter, toWhoComesLate } from './told.js';

const PART = stroke({ points: 'AACC' });
const LONGER = withPoints(PART, 'AACCCC');
const WHOLE = withPoints(PART, 'AAEEEEEE');
const OTHER = stroke();

const shown = (state: RoomState): string[] => visibleShapes(state).map(({ id }) => id);
const partial = (state: RoomState): Shape | undefined => state.shapes.get(PART.id);

const BEGUN: readonly EventPayload[] = [drawn(PART, { partial: true }), drawn(OTHER)];
const COMPLETED: EventPayload = completed(WHOLE);

describe('a partial shape', () => {
  test('is told from a whole one', () => {
    const state = roomAfter(...BEGUN);
    assert.deepEqual(partial(state), { ...PART, by: 1, at: 1_000, seq: 1, since: 1, partial: true });
    assert.equal('partial' in (state.shapes.get(OTHER.id) ?? {}), false);
  });

  test('that is completed is the same shape, whole, drawn now and on top', () => {
    const state = roomAfter(...BEGUN, COMPLETED);
    assert.deepEqual(partial(state), { ...WHOLE, by: 1, at: 1_002, seq: 3, since: 3 });
    assert.deepEqual(shown(state), [OTHER.id, PART.id]);
  });

  test('grows while its author comes and vanishes again', () => {
    const state = roomAfter(...BEGUN, completed(LONGER, { partial: true }));
    assert.deepEqual(partial(state), { ...LONGER, by: 1, at: 1_002, seq: 3, since: 3, partial: true });
    evolve(state, next(state, COMPLETED));
    assert.deepEqual(partial(state), { ...WHOLE, by: 1, at: 1_003, seq: 4, since: 4 });
  });

  test('is taken back in one step by undoing its completion, and by nothing that its beginning is known by', () => {
    const state = roomAfter(...BEGUN, COMPLETED, undone(1, 0));
    assert.deepEqual(shown(state), [OTHER.id, PART.id]);
    evolve(state, next(state, undone(3, 1)));
    assert.deepEqual(shown(state), [OTHER.id]);
    evolve(state, next(state, undone(5, 1)));
    assert.deepEqual(shown(state), [OTHER.id, PART.id]);
    assert.deepEqual(partial(state)?.content, WHOLE.content);
  });

  test('that was erased meanwhile stays erased when it is completed, and comes back whole', () => {
    const state = roomAfter(...BEGUN, erased([PART.id]), COMPLETED);
    assert.deepEqual(partial(state), { ...WHOLE, by: 1, at: 1_003, seq: 4, since: 3, hidden: true });
    assert.deepEqual(shown(state), [OTHER.id]);
    evolve(state, next(state, undone(3, 1)));
    assert.deepEqual(partial(state), { ...WHOLE, by: 1, at: 1_003, seq: 4, since: 4 });
    // From here on it is its author's drawing again.
    evolve(state, next(state, undone(4, 1)));
    assert.deepEqual(shown(state), [OTHER.id]);
  });

  test('that was erased and is completed is no more than hidden to who came since: lacking where it comes back', () => {
    const state = roomAfter(...BEGUN, erased([PART.id]));
    const late = toWhoComesLate(state);
    assert.equal(lacks(late, next(late, COMPLETED)), false);
    evolve(late, next(late, COMPLETED));
    assert.deepEqual([late.seq, shown(late)], [4, [OTHER.id]]);
    assert.equal(lacks(late, next(late, undone(3, 1))), true);
  });
});
