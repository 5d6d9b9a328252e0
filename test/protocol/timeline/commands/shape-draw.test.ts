import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SHAPE_ID } from '../../../../protocol/names.js';
import { commandModule } from '../../../../protocol/timeline/commands/index.js';
import { eventModule } from '../../../../protocol/timeline/evolve.js';
import { completed, draw, drawn, erased, isDraw } from '../../../support/commands.js';
import { stroke, withPoints } from '../../../support/strokes.js';
import { emptyRoom, roomAfter, toWhoComesLate } from '../told.js';
import { effectsOf, outcome } from './events.js';

const [ONE, PART] = [stroke(), stroke({ points: 'AACC' })];
const WHOLE = withPoints(PART, 'AACCCC');

test('a shape comes of it, with its times where they are told', () => {
  assert.deepEqual(outcome(emptyRoom(), draw(ONE)), [drawn(ONE)]);
  assert.deepEqual(outcome(emptyRoom(), draw(ONE, { times: 'AA' })), [drawn(ONE, { times: 'AA' })]);
});

test('of an own partial shape a whole one comes, and of another shape that has its id nothing', () => {
  const begun = roomAfter(drawn(ONE), drawn(PART, { partial: true }));
  assert.deepEqual(outcome(begun, draw(WHOLE, { times: 'AA' })), [completed(WHOLE, { times: 'AA' })]);
  assert.deepEqual(outcome(begun, draw(WHOLE), { author: 2, eventOf: () => undefined }), []);
  assert.deepEqual(outcome(begun, draw(ONE)), []);
});

test('times are kept beside the shape, and are no part of the state', () => {
  const state = emptyRoom();
  const shape = { ...ONE, by: 1, at: 1_000, seq: 1, since: 1 };
  assert.deepEqual(effectsOf(state, drawn(ONE, { times: 'AA' })), [
    { type: 'putShape', shape, isNew: true, times: 'AA' },
  ]);
  assert.deepEqual(state.shapes.get(ONE.id), shape);
});

test('when a shape is completed, the time in which it was partial is told', () => {
  const state = roomAfter(drawn(PART, { partial: true }), drawn(ONE));
  const shape = { ...WHOLE, by: 1, at: 1_002, seq: 3, since: 3 };
  assert.deepEqual(effectsOf(state, completed(WHOLE)), [
    { type: 'putShape', shape, isNew: false },
    { type: 'endInterval', shape: PART.id, was: 'partial', from: 1, to: 3 },
  ]);
});

test('hidden meanwhile it stays so; and to who lacks it nothing changes', () => {
  const state = roomAfter(drawn(PART, { partial: true }), erased([PART.id]));
  const late = toWhoComesLate(state);
  const shape = { ...WHOLE, by: 1, at: 1_002, seq: 3, since: 2, hidden: true };
  assert.deepEqual(effectsOf(state, completed(WHOLE))[0], { type: 'putShape', shape, isNew: false });
  assert.deepEqual(effectsOf(late, completed(WHOLE)), []);
});

test('a whole shape ends the live ink of its stroke, a partial one does not', () => {
  const finishes = (payload: Parameters<typeof effectsOf>[1]) => eventModule(payload.type)?.finishes?.(payload);
  for (const told of [drawn, completed]) {
    assert.equal(finishes(told(ONE)), ONE.id);
    assert.equal(finishes(told(ONE, { partial: true })), undefined);
  }
});

test('under another id it is the same drawing', () => {
  const body = commandModule(draw(ONE).type)?.underAnotherId?.(draw(ONE, { times: 'AA' })) ?? assert.fail();
  assert.ok(isDraw(body));
  assert.match(body.shape.id, SHAPE_ID);
  assert.notEqual(body.shape.id, ONE.id);
  assert.deepEqual({ ...body, shape: { ...body.shape, id: ONE.id } }, draw(ONE, { times: 'AA' }));
});
