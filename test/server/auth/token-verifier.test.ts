import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { KEY_ALGORITHMS } from '../../../server/domain/site.js';
import { CLAIM_FAULTS, FORGERIES } from '../../support/forgeries.js';
import { signToken } from '../../support/tokens.js';
import { HOUR, setUp } from './verifying.js';

test('a token of each algorithm says who holds it', async t => {
  const { tokens, key } = await setUp(t);
  for (const algorithm of KEY_ALGORITHMS) {
    const token = await signToken(key('acme', algorithm), {
      person: 'ann',
      name: ' Ann\u202e ',
      rooms: { lobby: 'viewer' },
    });
    const identity = await tokens.verify('acme', token);
    assert.deepEqual(identity.person, { id: 'ann', name: 'Ann' });
    assert.equal(identity.site, 'acme');
    assert.equal(identity.grants.roleIn('lobby'), 'viewer');
    assert.equal(identity.grants.roleIn('attic'), undefined);
    assert.equal(identity.kid, key('acme', algorithm).key.kid);
  }
});

suite('before the signature is verified the answer is always the same', () => {
  for (const [name, forge] of Object.entries(FORGERIES)) {
    test(name, async t => {
      const { verdict, key } = await setUp(t);
      assert.equal(await verdict(await forge(key)), 'token_invalid');
    });
  }
});

test('after the signature each fault has a name of its own', async t => {
  const { verdict, key } = await setUp(t);
  for (const [claims, code] of CLAIM_FAULTS) {
    assert.equal(await verdict(await signToken(key('acme'), { claims })), code, JSON.stringify(claims));
  }
  assert.equal(await verdict(undefined), 'token_missing');
  assert.equal(await verdict(''), 'token_missing');
});

test('clocks may differ by five seconds', async t => {
  const { verdict, key, clock } = await setUp(t);
  const now = Math.floor(clock.now() / 1_000);
  const ended = await signToken(key('acme'), { claims: { iat: now - 60, exp: now - 4 } });
  assert.equal(await verdict(ended), 'ann');
  const early = await signToken(key('acme'), { claims: { iat: now + 4, exp: now + 60 } });
  assert.equal(await verdict(early), 'ann');
  clock.advance(2_000);
  assert.equal(await verdict(ended), 'token_expired');
});

test('a token that was verified before ends all the same', async t => {
  const { verdict, key, clock } = await setUp(t);
  const token = await signToken(key('acme'), { lifetime: 3_600, now: clock.now() });
  assert.equal(await verdict(token), 'ann');
  clock.advance(HOUR + 6_000);
  assert.equal(await verdict(token), 'token_expired');
});

test('a token that was verified before is worth nothing once its key is revoked, nor at another site', async t => {
  const { sites, verdict, key } = await setUp(t);
  const token = await signToken(key('acme'));
  assert.equal(await verdict(token), 'ann');
  assert.equal(await verdict(token, 'globex'), 'token_invalid');
  assert.equal(await verdict(token, 'initech'), 'token_invalid');
  await sites.revokeKey('acme', key('acme').key.kid);
  assert.equal(await verdict(token), 'token_invalid');
  assert.equal(await verdict(await signToken(key('acme', 'ES256'))), 'ann');
});
