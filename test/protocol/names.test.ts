import assert from 'node:assert/strict';
import { test } from 'node:test';

import { COMMAND_ID, newCommandId, newShapeId, randomId, SHAPE_ID } from '../../protocol/names.js';

test('new ids have the form that the patterns ask for', () => {
  for (let made = 0; made < 100; made += 1) {
    assert.match(newCommandId(), COMMAND_ID);
    assert.match(newShapeId(), SHAPE_ID);
  }
});

test('every character of the alphabet comes up, about as often as any other', () => {
  const counts = new Map<string, number>();
  for (const character of randomId(64_000)) counts.set(character, (counts.get(character) ?? 0) + 1);
  assert.equal(counts.size, 64);
  for (const count of counts.values()) assert.ok(count > 800 && count < 1_200, `${count} of about 1000`);
});

test('ids differ', () => {
  assert.equal(new Set(Array.from({ length: 10_000 }, newShapeId)).size, 10_000);
});
