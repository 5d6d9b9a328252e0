/** Tokens that must not be taken: what is wrong with their making, and what with their claims. */
import { generateKeyPairSync } from 'node:crypto';

import { base64url, CompactSign, exportJWK, FlattenedSign, SignJWT } from 'jose';

import type { RefusalCode } from '../../protocol/errors.js';
import type { KeyAlgorithm } from '../../server/domain/site.js';
import { signToken, type TestKey } from './tokens.js';

const json = (value: unknown): string => base64url.encode(JSON.stringify(value));
const now = Math.floor(Date.now() / 1_000);
const claims = {
  iss: 'acme',
  aud: 'chalk-talk',
  sub: 'eve',
  name: 'Eve',
  rooms: { '*': 'moderator' },
  iat: now,
  exp: now + 3_600,
};
const hs = (key: TestKey, header: object, payload: unknown = claims) =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'HS256', kid: key.key.kid, ...header })
    .sign(key.signer);

/** Makes one, of the keys of sites. */
export type Forge = (key: (site: string, algorithm?: KeyAlgorithm) => TestKey) => string | Promise<string>;
/** Tokens that nobody of the site signed, by what is wrong with them. */
export const FORGERIES: Readonly<Record<string, Forge>> = {
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
    new SignJWT(claims).setProtectedHeader({ alg: 'HS512', kid: key('acme').key.kid }).sign(new Uint8Array(64).fill(1)),
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
  'a forged token that has ended': key => hs({ ...key('acme'), signer: new Uint8Array(32) }, {}, { ...claims, exp: 1 }),
};

/** Claims of a token that is well signed, and what is said to each. */
export const CLAIM_FAULTS: readonly (readonly [claims: Readonly<Record<string, unknown>>, code: RefusalCode])[] = [
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
  [{ exp: String(now + 3_600) }, 'token_claims'],
  [{ iat: undefined }, 'token_claims'],
  [{ exp: 253_402_300_799 }, 'token_claims'],
  [{ iat: now - 90_000, exp: now + 3_600 }, 'token_claims'],
  [{ iat: now - 120, exp: now - 60 }, 'token_expired'],
  [{ nbf: now + 3_600 }, 'token_not_yet_valid'],
  [{ nbf: 'soon' }, 'token_claims'],
  [{ iat: now + 3_600, exp: now + 7_200 }, 'token_not_yet_valid'],
];
