import { hash } from 'node:crypto';

import { RefusedError } from '../protocol/errors.js';
import { AddressBudgets } from './address-budgets.js';
import type { Identity } from './auth/identity.js';
import type { TokenVerifier } from './auth/token-verifier.js';
import { RecentMap } from './recent-map.js';
import type { Rate } from './token-bucket.js';

/** Tokens that are remembered to have been good. */
const REMEMBERED = 50_000;
/** Characters of a hash by which a token is remembered: 132 bits. */
const FINGERPRINT = 22;

export interface FailedTokensOptions {
  readonly tokens: Pick<TokenVerifier, 'verify'>;
  readonly rate: Rate;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Verifies tokens, but no more bad ones from one address than its budget allows: verifying costs most of what letting somebody in does. A
 * token that was good before is verified always, so that at an address of many (a school) nobody who is known is held up by one who tries.
 */
export class FailedTokens {
  readonly #tokens: Pick<TokenVerifier, 'verify'>;
  readonly #now: () => number;
  readonly #failures: AddressBudgets;
  readonly #good = new RecentMap<string, true>(REMEMBERED);

  constructor({ tokens, rate, now }: FailedTokensOptions) {
    this.#tokens = tokens;
    this.#now = now;
    this.#failures = new AddressBudgets(rate);
  }

  /**
   * As `TokenVerifier.verify`.
   *
   * @param address where it came from
   * @throws RefusedError what `TokenVerifier.verify` says; `rate_limited` where too much was wrong from there
   */
  async verify(site: string, token: string | undefined, address: string): Promise<Identity> {
    if (!token) throw new RefusedError('token_missing');
    const fingerprint = hash('sha256', `${site}\n${token}`, 'base64url').slice(0, FINGERPRINT);
    const retryAfter = this.#failures.wait(address, 1, this.#now());
    if (retryAfter > 0 && !this.#good.get(fingerprint)) throw new RefusedError('rate_limited', { retryAfter });
    try {
      const identity = await this.#tokens.verify(site, token);
      this.#good.set(fingerprint, true);
      return identity;
    } catch (fault) {
      if (fault instanceof RefusedError) this.#failures.take(address, 1, this.#now());
      throw fault;
    }
  }
}
