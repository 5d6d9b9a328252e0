import assert from 'node:assert/strict';
import { test } from 'node:test';

import { erase, erased } from '../../../support/commands.js';
import { decided, room, shape } from './deciding.js';

test("anyone's visible shapes, each once; unknown and hidden ones are passed over", () => {
  const [mine, others, hidden] = [shape(), shape({ by: 2 }), shape({ hidden: true })];
  const shapes = [mine.id, hidden.id, 'unheard-', others.id, mine.id];
  assert.deepEqual(decided(room(mine, others, hidden), erase(shapes)), [erased([mine.id, others.id])]);
  assert.deepEqual(decided(room(hidden), erase([hidden.id, 'unheard-'])), []);
});
