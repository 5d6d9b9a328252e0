import type { KeyObject } from 'node:crypto';

import { compactVerify, decodeProtectedHeader, errors } from 'jose';

import { LIMITS } from '../../protocol/limits.js';
import type { KeyAlgorithm } from '../domain/site.js';

/** What the header of a token says of its signature; nothing of it is believed yet. */
export interface TokenHeader {
  readonly kid: string;
  readonly alg: string;
}

/**
 * Reads a token's header, in which an embedded or remote key (`jwk`, `jku`, `x5c`, `x5u`) is not
 * looked at.
 *
 * @returns undefined where there is none that could be verified here: too large, no JWT, no `kid`,
 *   or with extensions (`crit`).
 */
export function tokenHeader(token: string): TokenHeader | undefined {
  if (token.length > LIMITS.tokenBytes) return undefined;
  try {
    const { kid, alg, crit, b64 } = decodeProtectedHeader(token);
    if (typeof kid !== 'string' || typeof alg !== 'string' || crit !== undefined || b64 !== undefined) return undefined;
    return { kid, alg };
  } catch {
    return undefined;
  }
}

/**
 * Verifies a signature by the one algorithm of its key, whatever the header asks for.
 *
 * @returns the JSON that was signed, or undefined where the signature is not that key's or what it
 *   signs is no JSON
 */
export async function signedPayload(
  token: string,
  key: KeyObject | Uint8Array,
  algorithm: KeyAlgorithm,
): Promise<unknown> {
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [algorithm] });
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (fault) {
    if (fault instanceof errors.JOSEError || fault instanceof TypeError || fault instanceof SyntaxError)
      return undefined;
    throw fault;
  }
}
