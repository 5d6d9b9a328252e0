/** The one text of a command's body: the same for equal bodies, and another for others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { INK_COLORS } from '../../../../protocol/ink.js';
import type { StrokeForm } from '../../../../protocol/shapes/stroke.js';
import type { AnyBody } from '../../../../protocol/timeline/commands/index.js';
import { textOf } from '../../../../server/domain/commands/command.js';
import { holds } from '../../../support/properties/holds.js';
import { plainRecord } from '../../../support/properties/plain-record.js';
import { clear, draw, erase, keep, post, ruleOf, undo } from '../../../support/commands.js';

/** What makes a command the same when it is sent again. */
const said = (body: AnyBody): string => textOf(body, ruleOf(body));

/** Texts that would run into each other, were they only put together. */
const text = fc.oneof(
  fc.constantFrom('', 'a', 'a,b', '"', '["a"]', '\\', '\u2028', '\ud800', '0', 'false', 'message.post'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const look: fc.Arbitrary<StrokeForm['look']> = plainRecord({
  color: fc.constantFrom(...INK_COLORS.slice(0, 2), '#000000' as const),
  width: fc.constantFrom(2, 4, 0.5),
});
const content: fc.Arbitrary<StrokeForm['content']> = plainRecord({
  scale: fc.integer({ min: -2, max: 1 }),
  pressure: fc.boolean(),
  points: text,
});
const stroke: fc.Arbitrary<StrokeForm> = plainRecord({ id: text, kind: fc.constant('stroke' as const), look, content });
const body: fc.Arbitrary<AnyBody> = fc.oneof(
  text.map(post),
  fc.tuple(stroke, fc.option(text)).map(([shape, times]) => draw(shape, times === null ? {} : { times })),
  stroke.map(keep),
  fc.array(text, { maxLength: 3 }).map(erase),
  fc.constant(clear()),
  text.map(undo),
);

/** The same body with its members in the opposite order, as another program may send it. */
function turnedRound<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => [key, turnedRound(member)]);
  return Object.fromEntries(entries.reverse()) as Value;
}

test('the order of members is nothing, and a way over the wire changes nothing', t =>
  holds(
    t,
    fc.property(body, command => {
      assert.equal(said(turnedRound(command)), said(command));
      assert.equal(said(JSON.parse(JSON.stringify(command)) as AnyBody), said(command));
    }),
    { runs: 500 },
  ));

test('different bodies have different texts', t =>
  holds(
    t,
    fc.property(body, body, (one, other) => {
      const isSame = said(one) === said(other);
      if (isSame) assert.deepEqual(one, other);
      else assert.notDeepEqual(one, other);
    }),
    { runs: 2_000 },
  ));

test('a body in which anything is changed has another text', t =>
  holds(
    t,
    fc.property(stroke, stroke, fc.constantFrom(draw, keep), (one, other, give) => {
      const changes: Readonly<Record<string, StrokeForm>> = {
        id: { ...one, id: other.id },
        color: { ...one, look: { ...one.look, color: other.look.color } },
        width: { ...one, look: { ...one.look, width: other.look.width } },
        scale: { ...one, content: { ...one.content, scale: other.content.scale } },
        pressure: { ...one, content: { ...one.content, pressure: other.content.pressure } },
        points: { ...one, content: { ...one.content, points: other.content.points } },
      };
      for (const [member, changed] of Object.entries(changes)) {
        if (JSON.stringify(changed) === JSON.stringify(one)) continue;
        assert.notEqual(said(give(changed)), said(give(one)), member);
      }
    }),
    { runs: 300 },
  ));

test('times are a part of it', () => {
  const shape = fc.sample(stroke, { numRuns: 1, seed: 1 })[0] ?? assert.fail();
  const texts = [draw(shape), draw(shape, { times: '' }), draw(shape, { times: 'A' }), keep(shape)].map(said);
  assert.equal(new Set(texts).size, texts.length);
});

test('it is what it was when strokes had no groups, so that what waits in an outbox since is known again', t =>
  holds(
    t,
    fc.property(text, stroke, fc.array(text, { maxLength: 3 }), (one, shape, several) => {
      const { id, kind, look, content } = shape;
      const members = [id, kind, look.color, look.width, content.scale, content.pressure, content.points];
      const before: readonly (readonly [AnyBody, ...unknown[]])[] = [
        [post(one), one],
        [draw(shape), ...members],
        [keep(shape), ...members],
        [erase(several), ...several],
        [clear()],
        [undo(one), one],
      ];
      for (const [command, ...asked] of before) {
        assert.equal(said(command), JSON.stringify([command.type, ...asked]));
      }
    }),
    { runs: 200 },
  ));
