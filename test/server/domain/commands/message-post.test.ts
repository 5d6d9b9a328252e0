import assert from 'node:assert/strict';
import { test } from 'node:test';

import { post, posted } from '../../../support/commands.js';
import { decided, room } from './deciding.js';

test('a text is kept as messageText says, or refused', () => {
  assert.deepEqual(decided(room(), post(' so\r\nit is ')), [posted('so\nit is')]);
  assert.equal(decided(room(), post(' \u200b ')), 'text_empty');
  assert.equal(decided(room(), post('\ud800')), 'invalid_input');
});
