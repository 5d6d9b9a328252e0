import { createPublicKey, createSecretKey, hash, type KeyObject } from 'node:crypto';

import { RefusedError } from '../../protocol/errors.js';
import { KEY_ID } from '../../protocol/names.js';
import type { KeyRecord, SiteKey } from '../domain/site.js';

/** A signing key, ready to verify with. */
export interface VerifyingKey extends Omit<SiteKey, 'material'> {
  readonly object: KeyObject;
}

/** The shortest secret of an HS256 key, in bytes: as long as its hash (RFC 7518, 3.2). */
const SECRET_BYTES = 32;
/** The shortest modulus of an RS256 key, in bits (RFC 7518, 3.3). */
const RSA_BITS = 2_048;

/**
 * Reads a key's material, and holds it to its one algorithm: an RSA key can never be taken for an
 * HMAC secret.
 *
 * @throws TypeError where it does not suit the algorithm; Error where it is no public key at all
 */
export function verifyingKey({ material, ...key }: SiteKey): VerifyingKey {
  if (key.algorithm === 'HS256') {
    if (material.byteLength < SECRET_BYTES) throw new TypeError(`A secret needs ${SECRET_BYTES} bytes at least.`);
    return { ...key, object: createSecretKey(material) };
  }
  const object = createPublicKey(Buffer.from(material));
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = object;
  const suits = {
    ES256: type === 'ec' && details?.namedCurve === 'prime256v1',
    EdDSA: type === 'ed25519',
    RS256: type === 'rsa' && (details?.modulusLength ?? 0) >= RSA_BITS,
  };
  if (!suits[key.algorithm])
    throw new TypeError(`The public key is none for ${key.algorithm}: ${WANTED[key.algorithm]}.`);
  return { ...key, object };
}

/**
 * The thumbprint of a public key (RFC 7638), which is the same however the key was written;
 * undefined for a secret.
 */
export function fingerprintOf({ algorithm, object }: VerifyingKey): string | undefined {
  if (algorithm === 'HS256') return undefined;
  const { crv, e, kty, n, x, y } = object.export({ format: 'jwk' });
  // In the order that the RFC asks for; what a kind of key does not have is left out.
  return hash('sha256', JSON.stringify({ crv, e, kty, n, x, y }), 'base64url');
}

const WANTED = {
  ES256: 'that needs an EC key on the curve P-256',
  EdDSA: 'that needs an Ed25519 key',
  RS256: `that needs an RSA key of ${RSA_BITS} bits at least`,
} as const;

/** @throws RefusedError `invalid_input` where the id or the material does not suit */
export function readyToVerify(key: SiteKey): VerifyingKey {
  if (!KEY_ID.test(key.kid)) throw invalid(`Not a key id: ${JSON.stringify(key.kid)}.`);
  try {
    return verifyingKey(key);
  } catch (cause) {
    // What Node says of a key that it can't read names no part of it, but helps nobody either.
    throw invalid(cause instanceof TypeError ? cause.message : "The public key can't be read.", cause);
  }
}

/** What is said of a key that can't be used: that it is revoked, where it was there once. */
export function unknownKey(records: readonly KeyRecord[], kid: string): RefusedError {
  if (!records.some(record => record.kid === kid)) return new RefusedError('key_unknown');
  return new RefusedError('key_unknown', { message: `The key ${kid} is revoked.` });
}

function invalid(message: string, cause?: unknown): RefusedError {
  return new RefusedError('invalid_input', { message, cause });
}
