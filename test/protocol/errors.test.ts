import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isPassing, isRefusalCode, REFUSALS, refusal, RefusedError } from '../../protocol/errors.js';

test('every refusal has a sentence of its own', () => {
  const sentences = Object.values(REFUSALS);
  assert.equal(new Set(sentences).size, sentences.length);
  for (const sentence of sentences) assert.match(sentence, /^[A-Z].*[.]$/);
});

test('a refusal crosses the wire with its code and sentence, and nothing of its cause', () => {
  const error = new RefusedError('unavailable', { retryAfter: 5, cause: new Error('disk at /secret/path') });
  assert.deepEqual(error.toRefusal(), { code: 'unavailable', message: REFUSALS.unavailable, retryAfter: 5 });
  assert.deepEqual(refusal('not_found'), { code: 'not_found', message: REFUSALS.not_found });
});

test('only the codes are codes', () => {
  assert.ok(isRefusalCode('internal'));
  for (const value of ['toString', '__proto__', '', 5, null, undefined]) assert.equal(isRefusalCode(value), false);
});

test('what may pass is tried again, what can not is not', () => {
  assert.deepEqual(
    Object.keys(REFUSALS).filter(code => isRefusalCode(code) && isPassing(code)),
    ['not_joined', 'rate_limited', 'unavailable', 'internal'],
  );
});
