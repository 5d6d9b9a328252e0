import { createPublicKey } from 'node:crypto';

import { RefusedError } from '../../protocol/errors.js';
import { randomId } from '../../protocol/names.js';
import type { KeyAlgorithm } from '../domain/site.js';

/** Characters of a secret that the server makes: 258 random bits. */
const SECRET_LENGTH = 43;

/** What a key verifies with. */
export interface NewKeyMaterial {
  readonly material: Uint8Array;
  /** Where the server made it: the text whose UTF-8 bytes are the HMAC key, as they stand. */
  readonly secret?: string;
}

/**
 * A new secret for HS256; for the others the public key, as it was given.
 *
 * @throws RefusedError `invalid_input`, in words that repeat nothing of what was sent
 */
export function newKeyMaterial(algorithm: KeyAlgorithm, publicKey: string | undefined): NewKeyMaterial {
  if (publicKey !== undefined && /PRIVATE KEY/.test(publicKey)) {
    throw wrong(
      'This is a private key. Send the public key that belongs to it (`openssl pkey -pubout`). Nothing of it was kept; still, make a new pair, now that it has left its place.',
    );
  }
  if (algorithm === 'HS256') {
    if (publicKey !== undefined)
      throw wrong('The server makes the secret of an HS256 key. Name the algorithm of the public key.');
    const secret = randomId(SECRET_LENGTH);
    return { secret, material: new TextEncoder().encode(secret) };
  }
  if (publicKey === undefined) throw wrong(`A key for ${algorithm} needs \`publicKey\`: SPKI, in PEM.`);
  return { material: new TextEncoder().encode(spki(publicKey)) };
}

/** The key alone, without what may stand around it. */
function spki(pem: string): string {
  const block = /-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----/.exec(pem)?.[0];
  const form = '`publicKey` must be SPKI in PEM, which begins with `-----BEGIN PUBLIC KEY-----`.';
  if (block === undefined) throw wrong(form);
  try {
    return createPublicKey(block).export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    throw wrong(`${form} This one can't be read.`);
  }
}

function wrong(message: string): RefusedError {
  return new RefusedError('invalid_input', { message });
}
