import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Sealing } from '../../../server/storage/sealing.js';

const SALT = new Uint8Array(16).fill(7);
const secret = new TextEncoder().encode('a secret');

test('what was sealed opens with the same key, salt and label alone', () => {
  const sealing = new Sealing('key', SALT);
  const sealed = sealing.seal(secret, 'here');
  assert.deepEqual(sealing.open(sealed, 'here'), secret);
  assert.deepEqual(new Sealing('key', SALT).open(sealed, 'here'), secret);
  assert.throws(() => sealing.open(sealed, 'there'));
  assert.throws(() => new Sealing('other', SALT).open(sealed, 'here'));
  assert.throws(() => new Sealing('key', new Uint8Array(16)).open(sealed, 'here'));
});

test('changed or cut bytes do not open', () => {
  const sealing = new Sealing('key', SALT);
  const sealed = sealing.seal(secret, 'here');
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Uint8Array.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.throws(() => sealing.open(changed, 'here'));
    assert.throws(() => sealing.open(sealed.subarray(0, index), 'here'));
  }
});

test('the same secret is sealed differently each time', () => {
  const sealing = new Sealing('key', SALT);
  assert.notDeepEqual(sealing.seal(secret, 'here'), sealing.seal(secret, 'here'));
});
