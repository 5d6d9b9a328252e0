import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clear, cleared } from '../../../support/commands.js';
import { decided, MODERATOR, room, shape } from './deciding.js';

test('a clearing is one event, and none where nothing is to be seen', () => {
  assert.deepEqual(decided(room(shape(), shape()), clear(), { by: MODERATOR }), [cleared()]);
  assert.deepEqual(decided(room(shape({ hidden: true })), clear(), { by: MODERATOR }), []);
});
