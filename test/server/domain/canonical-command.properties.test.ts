/** The one text of a command's body: the same for equal bodies, and another for others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { INK_COLORS } from '../../../protocol/ink.js';
import type { Stroke } from '../../../protocol/timeline/state.js';
import { canonicalCommand } from '../../../server/domain/canonical-command.js';
import type { RoomCommand } from '../../../server/domain/room-command.js';
import { holds } from '../../support/properties/holds.js';
import { plainRecord } from '../../support/properties/plain-record.js';
import { clear } from '../../support/commands.js';

/** Texts that would run into each other, were they only put together. */
const text = fc.oneof(
  fc.constantFrom('', 'a', 'a,b', '"', '["a"]', '\\', '\u2028', '\ud800', '0', 'false', 'message.post'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const stroke: fc.Arbitrary<Stroke> = plainRecord({
  id: text,
  kind: fc.constant('stroke' as const),
  color: fc.constantFrom(...INK_COLORS.slice(0, 2), '#000000' as const),
  width: fc.constantFrom(2, 4, 0.5),
  scale: fc.integer({ min: -2, max: 1 }),
  pressure: fc.boolean(),
  points: text,
});
const body: fc.Arbitrary<RoomCommand> = fc.oneof(
  plainRecord({ type: fc.constant('message.post' as const), text }),
  plainRecord({ type: fc.constantFrom('shape.draw' as const, 'shape.keep' as const), stroke }),
  plainRecord({ type: fc.constant('shapes.erase' as const), shapes: fc.array(text, { maxLength: 3 }) }),
  fc.constant(clear()),
  plainRecord({ type: fc.constant('command.undo' as const), command: text }),
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
      assert.equal(canonicalCommand(turnedRound(command)), canonicalCommand(command));
      assert.equal(canonicalCommand(JSON.parse(JSON.stringify(command)) as RoomCommand), canonicalCommand(command));
    }),
    { runs: 500 },
  ));

test('different bodies have different texts', t =>
  holds(
    t,
    fc.property(body, body, (one, other) => {
      const isSame = canonicalCommand(one) === canonicalCommand(other);
      if (isSame) assert.deepEqual(one, other);
      else assert.notDeepEqual(one, other);
    }),
    { runs: 2_000 },
  ));

test('a body in which anything is changed has another text', t =>
  holds(
    t,
    fc.property(stroke, stroke, fc.constantFrom('shape.draw' as const, 'shape.keep' as const), (one, other, type) => {
      for (const key of Object.keys(one) as (keyof Stroke)[]) {
        if (one[key] === other[key]) continue;
        const changed: RoomCommand = { type, stroke: { ...one, [key]: other[key] } };
        assert.notEqual(canonicalCommand(changed), canonicalCommand({ type, stroke: one }), key);
      }
    }),
    { runs: 300 },
  ));
