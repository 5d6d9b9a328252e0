import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Grants } from '../../../server/auth/grants.js';
import type { Identity } from '../../../server/auth/identity.js';
import { VerifiedTokens } from '../../../server/auth/verified-tokens.js';
import { verifyingKey } from '../../../server/auth/verifying-key.js';
import { newSiteKey } from '../../support/tokens.js';

const key = verifyingKey(newSiteKey('acme').key);
const identity: Identity = {
  site: 'acme',
  person: { id: 'ann', name: 'Ann' },
  grants: new Grants({}),
  expires: 1_000,
  kid: key.kid,
  forServers: false,
};

test('what was verified is remembered for its key, until it ends', () => {
  const tokens = new VerifiedTokens();
  tokens.remember(key, 'a', identity);
  assert.equal(tokens.recall(key, 'a', 999), identity);
  assert.equal(tokens.recall(key, 'b', 999), undefined);
  assert.equal(tokens.recall({ ...key }, 'a', 999), undefined);
  tokens.remember(key, 'a', identity);
  assert.equal(tokens.recall(key, 'a', 1_000), undefined);
});

test('it is bound by what it takes, not by how many: who was asked for least recently goes first', () => {
  const tokens = new VerifiedTokens(100_000);
  for (let number = 0; number < 100; number += 1) {
    tokens.remember(key, `${number}`, identity);
    assert.equal(tokens.recall(key, '0', 0), identity);
  }
  const long = 'x'.repeat(8_000);
  for (let number = 0; number < 3; number += 1) tokens.remember(key, `${long}${number}`, identity);
  tokens.remember(key, `${long}2`, identity);
  const left = Array.from({ length: 100 }, (_, number) => tokens.recall(key, `${number}`, 0)).filter(Boolean).length;
  assert.ok(left > 20 && left < 60, String(left));
  assert.equal(tokens.recall(key, '0', 0), identity);
  assert.equal(tokens.recall(key, '1', 0), undefined);
  assert.equal(tokens.recall(key, `${long}2`, 0), identity);
});
