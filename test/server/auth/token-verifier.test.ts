import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';

import { base64url, CompactSign, exportJWK, FlattenedSign, SignJWT } from 'jose';

import { KEY_ALGORITHMS, type KeyAlgorithm } from '../../../server/domain/site.js';
import { signToken, type TestKey } from '../../support/tokens.js';
import { HOUR, setUp } from './verifying.js';

const json = (value: unknown): string => base64url.encode(JSON.stringify(value));

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
  const iat = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: 'acme',
    aud: 'chalk-talk',
    sub: 'eve',
    name: 'Eve',
    rooms: { '*': 'moderator' },
    iat,
    exp: iat + 60,
  };
  const hs = (key: TestKey, header: object, payload: unknown = claims) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'HS256', kid: key.key.kid, ...header })
      .sign(key.signer);

  type Forge = (key: (site: string, algorithm?: KeyAlgorithm) => TestKey) => string | Promise<string>;
  const forgeries: Record<string, Forge> = {
    'no algorithm': key => `${json({ alg: 'none', kid: key('acme').key.kid })}.${json(claims)}.`,
    'no algorithm, in another case': key => `${json({ alg: 'nOnE', kid: key('acme').key.kid })}.${json(claims)}.`,
    'no signature': async key => (await signToken(key('acme'))).replace(/[^.]*$/, ''),
    'the public RSA key as a secret': key =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: key('acme', 'RS256').key.kid })
        .sign(key('acme', 'RS256').key.material),
    'the public EC key as a secret': key =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: key('acme', 'ES256').key.kid })
        .sign(key('acme', 'ES256').key.material),
    'another algorithm than its key has': key =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS512', kid: key('acme').key.kid })
        .sign(new Uint8Array(64).fill(1)),
    'a key of another site': key => signToken(key('globex'), { claims: { iss: 'acme' } }),
    'a key of another site under a kid of this one': key => hs({ ...key('acme'), signer: key('globex').signer }, {}),
    'a key of its own in the header': async key => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const header = { alg: 'ES256', kid: key('acme', 'ES256').key.kid, jwk: await exportJWK(publicKey) };
      return new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
    },
    'an unknown kid': key => hs(key('acme'), { kid: 'nobody' }),
    'no kid': key => hs(key('acme'), { kid: undefined }),
    'a kid that is a list': key => hs(key('acme'), { kid: [key('acme').key.kid] }),
    'a kid that is a path': key => hs(key('acme'), { kid: `../acme/${key('acme').key.kid}` }),
    'a kid that is SQL': key => hs(key('acme'), { kid: "x' OR '1'='1" }),
    'a kid of every object': key => hs(key('acme'), { kid: 'constructor' }),
    'the kid of prototypes': key => hs(key('acme'), { kid: '__proto__' }),
    "the kid of the server's own tokens": key => hs(key('acme'), { kid: '_guest' }, { ...claims, sub: 'guest:eve' }),
    'a critical extension': key => hs(key('acme'), { crit: ['b64'], b64: true }),
    'an unencoded payload': async key => {
      const { protected: head, signature } = await new FlattenedSign(new TextEncoder().encode(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'HS256', kid: key('acme').key.kid, b64: false, crit: ['b64'] })
        .sign(key('acme').signer);
      return `${head ?? ''}.${JSON.stringify(claims)}.${signature}`;
    },
    'a changed payload': async key => {
      const [head, , signature] = (await signToken(key('acme'))).split('.');
      return `${head ?? ''}.${json(claims)}.${signature ?? ''}`;
    },
    'a signed text that is no JSON': key =>
      new CompactSign(new TextEncoder().encode('hello'))
        .setProtectedHeader({ alg: 'HS256', kid: key('acme').key.kid })
        .sign(key('acme').signer),
    'half a token': async key => (await signToken(key('acme'))).slice(0, 80),
    'two parts': () => 'a.b',
    'five parts': () => 'a.b.c.d.e',
    'no token at all': () => 'hello',
    'a header that is no object': () => `${json(7)}.${json(claims)}.AAAA`,
    'more than 8 KB': key => signToken(key('acme'), { claims: { more: 'x'.repeat(8_192) } }),
    'a forged token that has ended': key =>
      hs({ ...key('acme'), signer: new Uint8Array(32) }, {}, { ...claims, exp: 1 }),
  };
  for (const [name, forge] of Object.entries(forgeries)) {
    test(name, async t => {
      const { verdict, key } = await setUp(t);
      assert.equal(await verdict(await forge(key)), 'token_invalid');
    });
  }
});

test('after the signature each fault has a name of its own', async t => {
  const { verdict, key } = await setUp(t);
  const now = Math.floor(Date.now() / 1_000);
  const faults: [claims: Record<string, unknown>, code: string][] = [
    [{ aud: 'chalk-talk-api' }, 'token_wrong_audience'],
    [{ aud: undefined }, 'token_wrong_audience'],
    [{ aud: ['chalk-talk', 'chalk-talk-api'] }, 'token_wrong_audience'],
    [{ iss: 'globex' }, 'token_wrong_site'],
    [{ iss: undefined }, 'token_wrong_site'],
    [{ iss: 'ACME' }, 'token_wrong_site'],
    [{ sub: undefined }, 'token_claims'],
    [{ sub: 7 }, 'token_claims'],
    [{ sub: '' }, 'token_claims'],
    [{ sub: 'ann smith' }, 'token_claims'],
    [{ sub: 'ann\n' }, 'token_claims'],
    [{ sub: 'guest:ann' }, 'token_claims'],
    [{ name: undefined }, 'token_claims'],
    [{ name: '\u200b\u202e ' }, 'token_claims'],
    [{ name: 'x'.repeat(65) }, 'token_claims'],
    [{ rooms: undefined }, 'token_claims'],
    [{ rooms: ['lobby'] }, 'token_claims'],
    [{ rooms: { lobby: 'owner' } }, 'token_claims'],
    [{ rooms: { 'lobby/../attic': 'member' } }, 'token_claims'],
    [{ rooms: { 'a*b': 'member' } }, 'token_claims'],
    [{ exp: undefined }, 'token_claims'],
    [{ exp: String(now + 60) }, 'token_claims'],
    [{ iat: undefined }, 'token_claims'],
    [{ exp: 253_402_300_799 }, 'token_claims'],
    [{ iat: now - 90_000, exp: now + 60 }, 'token_claims'],
    [{ iat: now - 120, exp: now - 60 }, 'token_expired'],
    [{ nbf: now + 60 }, 'token_not_yet_valid'],
    [{ nbf: 'soon' }, 'token_claims'],
    [{ iat: now + 60, exp: now + 120 }, 'token_not_yet_valid'],
  ];
  for (const [claims, code] of faults) {
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
  const token = await signToken(key('acme'), { lifetime: 3_600 });
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
