/** Keys and tokens as a site's own server makes them. */
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

import { type JWTPayload, SignJWT } from 'jose';

import { randomId } from '../../protocol/names.js';
import type { Role } from '../../protocol/timeline/state.js';
import type { KeyAlgorithm, SiteKey } from '../../server/domain/site.js';

/** A site's key together with what signs by it. */
export interface TestKey {
  readonly key: SiteKey;
  readonly signer: KeyObject | Uint8Array;
}

export interface TokenRequest {
  /** The site whose key signs. */
  readonly site?: string;
  /** The person's id, `sub`; default `ann`. */
  readonly person?: string;
  /** The same as `person`. */
  readonly sub?: string;
  /** Default: the person's id. */
  readonly name?: string;
  /** Default: member of every room. */
  readonly rooms?: Readonly<Record<string, Role>>;
  /** Seconds from now until it ends; default an hour. */
  readonly lifetime?: number;
  /** When it is signed, in milliseconds; default by the real clock. */
  readonly now?: number;
  /** Signed with the key that is good without an Origin. */
  readonly forServers?: boolean;
  /** Claims to set otherwise; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A new key of a site, of any algorithm. */
export function newSiteKey(site: string, forServers = false, algorithm: KeyAlgorithm = 'HS256'): TestKey {
  const common = { site, kid: `${algorithm}-${randomId(8).replaceAll(/[^A-Za-z0-9]/g, 'x')}`, algorithm, forServers };
  if (algorithm === 'HS256') {
    const secret = new Uint8Array(randomBytes(32));
    return { key: { ...common, material: secret }, signer: secret };
  }
  const { publicKey, privateKey } = newPair(algorithm);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { key: { ...common, material: new TextEncoder().encode(pem) }, signer: privateKey };
}

/** A token that is all right, except for what the request asks for. */
export function signToken(
  { key, signer }: TestKey,
  request: Omit<TokenRequest, 'site' | 'forServers'> = {},
): Promise<string> {
  const sub = request.sub ?? request.person ?? 'ann';
  const iat = Math.floor((request.now ?? Date.now()) / 1_000);
  const claims: JWTPayload = {
    iss: key.site,
    aud: 'chalk-talk',
    sub,
    name: request.name ?? sub,
    rooms: request.rooms ?? { '*': 'member' },
    // A token that is already over was signed before that.
    iat: Math.min(iat, iat + (request.lifetime ?? 0) - 1),
    exp: iat + (request.lifetime ?? 3_600),
    ...request.claims,
  };
  return new SignJWT(claims).setProtectedHeader({ alg: key.algorithm, kid: key.kid }).sign(signer);
}

function newPair(algorithm: Exclude<KeyAlgorithm, 'HS256'>): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2_048 });
  }
}
