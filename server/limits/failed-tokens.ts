import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { RefusedError } from '../../protocol/errors.js';
import { AddressBudgets } from './address-budgets.js';
import type { Identity } from '../auth/identity.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { Settlement } from './settlement.js';
import type { Rate } from './token-bucket.js';

/** Tokens that are remembered to have been good. */
const REMEMBERED = 50_000;
/** Characters of a hash by which a token is remembered: 132 bits. */
const FINGERPRINT = 22;

export interface FailedTokensOptions {
  readonly tokens: Pick<TokenVerifier, 'namesKey' | 'verify'>;
  readonly rate: Rate;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where other nodes judge tokens as well. */
  readonly settlement?: Pick<Settlement, 'of'> | undefined;
}

/**
 * Verifies tokens, but no more bad ones from one address than its budget allows: verifying costs
 * most of what letting somebody in does. A token that was good before is verified always, so that
 * at an address of many (a school) nobody who is known is held up by one who tries.
 */
export class FailedTokens {
  readonly #tokens: Pick<TokenVerifier, 'namesKey' | 'verify'>;
  readonly #now: () => number;
  readonly #failures: AddressBudgets;
  readonly #good = new LRUCache<string, true>({ maxSize: REMEMBERED, sizeCalculation: () => 1 });

  constructor({ tokens, rate, now, settlement }: FailedTokensOptions) {
    this.#tokens = tokens;
    this.#now = now;
    this.#failures = new AddressBudgets(rate, settlement?.of('failures'));
  }

  /**
   * As `TokenVerifier.verify`.
   *
   * @param address where it came from
   * @throws RefusedError what `TokenVerifier.verify` says; `rate_limited` where too much was wrong
   *   from there
   */
  async verify(site: string, token: string | undefined, address: string): Promise<Identity> {
    if (!token) throw new RefusedError('token_missing');
    this.judge(site, token, address);
    try {
      const identity = await this.#tokens.verify(site, token);
      this.remember(site, token);
      return identity;
    } catch (fault) {
      // It may have been good once.
      this.#good.delete(fingerprint(site, token));
      if (fault instanceof RefusedError) this.#failures.take(address, 1, this.#now());
      throw fault;
    }
  }

  /**
   * What can be said of a token before it is verified: what names no key costs nothing, and counts
   * nothing.
   *
   * @throws RefusedError `token_invalid`, `rate_limited`
   */
  judge(site: string, token: string, address: string): void {
    if (!this.#tokens.namesKey(site, token)) throw new RefusedError('token_invalid');
    const retryAfter = this.#failures.wait(address, 1, this.#now());
    if (retryAfter > 0 && !this.#good.get(fingerprint(site, token))) {
      throw new RefusedError('rate_limited', { retryAfter });
    }
  }

  /** A token was good: whoever comes with it is known. */
  remember(site: string, token: string): void {
    this.#good.set(fingerprint(site, token), true);
  }
}

/** By what a token is remembered, which is not the token itself. */
function fingerprint(site: string, token: string): string {
  return hash('sha256', `${site}\n${token}`, 'base64url').slice(0, FINGERPRINT);
}
