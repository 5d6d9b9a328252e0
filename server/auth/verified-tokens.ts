import { createHash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { Identity } from './identity.js';
import type { VerifyingKey } from './verifying-key.js';

/** Bytes of verified tokens that are remembered: some ten thousand of the usual ones. */
const LIMIT = 16 * 1024 * 1024;
/**
 * Bytes that one takes beside its grants, and bytes of grants a character of the token (measured).
 */
const OVERHEAD = 600;
const PER_CHARACTER = 3;

interface Verified {
  readonly identity: Identity;
  /** The key object that signed it: once it is revoked or replaced the entry is void. */
  readonly key: VerifyingKey;
}

/**
 * Tokens that were verified, so that the many requests of a page cost one verification. Bound by
 * the memory they take, not by their number: a token may name hundreds of rooms.
 */
export class VerifiedTokens {
  /** By a hash of the token and its site, never by the token itself. */
  readonly #verified: LRUCache<string, Verified>;

  /** @param limit bytes, roughly */
  constructor(limit = LIMIT) {
    this.#verified = new LRUCache({ maxSize: limit });
  }

  /**
   * Whose token this is, where that is remembered and still true at `now` (milliseconds since
   * 1970).
   */
  recall(key: VerifyingKey, token: string, now: number): Identity | undefined {
    const name = fingerprint(key.site, token);
    const verified = this.#verified.get(name);
    if (verified?.key === key && verified.identity.expires > now) return verified.identity;
    this.#verified.delete(name);
    return undefined;
  }

  remember(key: VerifyingKey, token: string, identity: Identity): void {
    const size = OVERHEAD + token.length * PER_CHARACTER;
    this.#verified.set(fingerprint(key.site, token), { identity, key }, { size });
  }
}

function fingerprint(site: string, token: string): string {
  return createHash('sha256').update(site).update('\n').update(token).digest('base64url');
}
