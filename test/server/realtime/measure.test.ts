import assert from 'node:assert/strict';
import { test } from 'node:test';

import { COMMANDS } from '../../../protocol/timeline/commands/index.js';
import { eventSize, measureCommand } from '../../../server/realtime/measure.js';
import { clear, draw, drawn, erase, post, posted, ruleOf, undo } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';

const measure = (body: Parameters<typeof ruleOf>[0]) => measureCommand(body, ruleOf(body));

test('a command counts by the texts in it, and by its points of ink', () => {
  const { size } = measure(post(''));
  assert.deepEqual(measure(post('x'.repeat(100))), { size: size + 100, points: 0 });
  const part = stroke({ points: 'AACC' });
  const { size: small, points } = measure(draw(part));
  assert.equal(points, 2);
  assert.equal(measure(draw(stroke({ id: part.id, points: 'AACCEE' }))).size, small + 2);
  assert.ok(measure(draw(part, { times: 'A' })).size > small);
  assert.ok(measure(erase(['one-----', 'two-----'])).size >= measure(erase(['one-----'])).size + 8);
  for (const body of [clear(), undo('x'.repeat(16))]) assert.ok(measure(body).size < 200);
});

test('every command counts for something, and one that nobody knows by its texts', () => {
  for (const type of Object.keys(COMMANDS)) assert.ok(measureCommand({ type }, undefined).size > 0);
  const unknown = { type: 'x', deep: [{ text: 'y'.repeat(1_000) }], none: null };
  assert.ok(measureCommand(unknown, undefined).size >= 1_000);
});

test('an event counts about what it takes as JSON', () => {
  const header = { seq: 1_000, prev: 999, at: 1_764_547_200_000, by: 12, command: 'x'.repeat(16) };
  for (const payload of [posted('hello'), posted('x'.repeat(4_000)), drawn(stroke({ points: 'AA'.repeat(9_000) }))]) {
    const event = { ...header, ...payload };
    const written = JSON.stringify(event).length;
    assert.ok(Math.abs(eventSize(event) - written) < 150, `${eventSize(event)} for ${written}`);
  }
});
