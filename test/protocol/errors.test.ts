import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isPassing, isRefusalCode, REFUSAL_CODES, refusal, RefusedError } from '../../protocol/errors.js';
import { explain, EXPLANATIONS } from '../../protocol/explanations.js';

test('every refusal has an explanation of its own', () => {
  const sentences = REFUSAL_CODES.map(code => EXPLANATIONS[code]);
  assert.equal(new Set(sentences).size, sentences.length);
  for (const sentence of sentences) assert.match(sentence, /^[A-Z].*[.]$/);
});

test('a refusal crosses the wire with its code and explanation, and nothing of its cause', () => {
  const error = new RefusedError('unavailable', { retryAfter: 5, cause: new Error('disk at /secret/path') });
  const message = EXPLANATIONS.unavailable;
  assert.deepEqual(explain(error.toRefusal()), { code: 'unavailable', message, retryAfter: 5 });
  assert.deepEqual(explain(refusal('not_found')), { code: 'not_found', message: EXPLANATIONS.not_found });
});

test('a refusal that says something of its own keeps it', () => {
  const error = new RefusedError('invalid_input', { message: 'The points are not whole points.' });
  assert.equal(explain(error.toRefusal()).message, 'The points are not whole points.');
});

test('only the codes are codes', () => {
  assert.ok(isRefusalCode('internal'));
  for (const value of ['toString', '__proto__', '', 5, null, undefined]) assert.equal(isRefusalCode(value), false);
});

test('what may pass is tried again, what can not is not', () => {
  const passing = REFUSAL_CODES.filter(isPassing);
  const ofLimits = REFUSAL_CODES.filter(code => code.endsWith('_limited'));
  assert.equal(ofLimits.length, 9);
  assert.deepEqual(
    new Set(passing),
    new Set(['not_joined', ...ofLimits, 'too_many_connections', 'unavailable', 'internal']),
  );
});
