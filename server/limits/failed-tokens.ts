import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { RefusedError } from '../../protocol/errors.js';
import { AddressBudgets } from './address-budgets.js';
import type { Identity } from '../auth/identity.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { Settlement } from './settlement.js';
import type { Rate } from './token-bucket.js';

/** How many valid tokens are remembered. */
const REMEMBERED = 50_000;
/** Characters of a token's fingerprint: 132 bits. */
const FINGERPRINT = 22;

export interface FailedTokensOptions {
  readonly tokens: Pick<TokenVerifier, 'namesKey' | 'verify'>;
  readonly rate: Rate;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Given where other nodes verify tokens too. */
  readonly settlement?: Pick<Settlement, 'of'> | undefined;
}

/**
 * Verifies tokens, but only as many bad ones from one address as its budget allows, because
 * verifying costs most of what admitting somebody does. A token that was valid before is always
 * verified: in a school with one address an attacker must not block known people.
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
   * @throws RefusedError as `TokenVerifier.verify`; `rate_limited` where too many bad tokens came
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
      // It may have been valid once.
      this.#good.delete(fingerprint(site, token));
      if (fault instanceof RefusedError) this.#failures.take(address, 1, this.#now());
      throw fault;
    }
  }

  /**
   * Refuses what can be refused without verifying. A token that names no key costs nothing, and is
   * not counted.
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

  /** Remembers a valid token. */
  remember(site: string, token: string): void {
    this.#good.set(fingerprint(site, token), true);
  }
}

/** A fingerprint, so that the token itself is not kept. */
function fingerprint(site: string, token: string): string {
  return hash('sha256', `${site}\n${token}`, 'base64url').slice(0, FINGERPRINT);
}
