import { createHash } from 'node:crypto';

import type { Identity } from './identity.js';
import type { VerifyingKey } from './verifying-key.js';

/** Bytes of verified tokens that are remembered: of the usual ones some ten thousand. */
const LIMIT = 16 * 1024 * 1024;
/** What one takes in memory beside its grants, in bytes, and what a character of the token may come to in its grants (measured). */
const OVERHEAD = 600;
const PER_CHARACTER = 3;

interface Verified {
  readonly identity: Identity;
  /** The very key that signed it: once it is revoked or replaced, what was remembered no longer counts. */
  readonly key: VerifyingKey;
  readonly weight: number;
}

/**
 * Tokens that were verified, so that one page's many requests cost one verification. Bound by what it takes, not by how many: a token may
 * name hundreds of rooms. Who was not asked for longest goes first.
 */
export class VerifiedTokens {
  readonly #limit: number;
  /** By a hash of the token and its site, never by the token itself; in order of last use, as a Map keeps that of insertion. */
  readonly #verified = new Map<string, Verified>();
  #weight = 0;

  /** @param limit bytes, roughly */
  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  /** Who holds this token, where that is remembered and still true at `now` (milliseconds since 1970). */
  recall(key: VerifyingKey, token: string, now: number): Identity | undefined {
    const name = fingerprint(key.site, token);
    const verified = this.#verified.get(name);
    if (!verified) return undefined;
    this.#verified.delete(name);
    if (verified.key === key && verified.identity.expires > now) {
      this.#verified.set(name, verified);
      return verified.identity;
    }
    this.#weight -= verified.weight;
    return undefined;
  }

  remember(key: VerifyingKey, token: string, identity: Identity): void {
    const name = fingerprint(key.site, token);
    this.#forget(name);
    const weight = OVERHEAD + token.length * PER_CHARACTER;
    this.#verified.set(name, { identity, key, weight });
    this.#weight += weight;
    for (const oldest of this.#verified.keys()) {
      if (this.#weight <= this.#limit) return;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#weight -= this.#verified.get(name)?.weight ?? 0;
    this.#verified.delete(name);
  }
}

function fingerprint(site: string, token: string): string {
  return createHash('sha256').update(site).update('\n').update(token).digest('base64url');
}
