import { hkdfSync } from 'node:crypto';

import { SignJWT } from 'jose';

import { RefusedError } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import { GUEST_PREFIX, randomId } from '../../protocol/names.js';
import { AUDIENCE } from '../../protocol/schema/claims.js';
import { signedPayload } from './signature.js';
import { guestClaims } from './token-claims.js';

/** The key id of the server's own tokens for guests. No customer's key can have it: KEY_ID begins with a letter or digit. */
export const GUEST_KEY = '_guest';

const ALGORITHM = 'HS256';
/** Life of a guest's token, in seconds. */
const LIFETIME = 60 * 60;
/** For how long after its end a token still shows who its guest was, in seconds. */
const REMEMBERED = 30 * 24 * 60 * 60;

/** Signs tokens for guests, and knows its own again. Each site has a secret of its own, derived from the server's. */
export class GuestTokens {
  readonly #secretKey: string;
  readonly #secrets = new Map<string, Uint8Array>();

  constructor(secretKey: string) {
    this.#secretKey = secretKey;
  }

  /**
   * A token for a guest of a site.
   *
   * @param previous the guest's last token, perhaps ended: who held it stays the same person
   * @param now in milliseconds since 1970
   */
  async sign(site: string, name: string, previous: string | undefined, now: number): Promise<string> {
    const sub = (previous && (await this.#personOf(site, previous, now))) ?? `${GUEST_PREFIX}${randomId(16)}`;
    const issued = Math.floor(now / 1_000);
    return new SignJWT({ name })
      .setProtectedHeader({ alg: ALGORITHM, kid: GUEST_KEY })
      .setIssuer(site)
      .setAudience(AUDIENCE)
      .setSubject(sub)
      .setIssuedAt(issued)
      .setExpirationTime(issued + LIFETIME)
      .sign(this.#secret(site));
  }

  /**
   * Verifies the signature.
   *
   * @returns what was signed, or undefined where this server did not sign it for this site
   */
  verify(site: string, token: string): Promise<unknown> {
    return signedPayload(token, this.#secret(site), ALGORITHM);
  }

  async #personOf(site: string, token: string, now: number): Promise<string | undefined> {
    const payload = token.length <= LIMITS.tokenBytes ? await this.verify(site, token) : undefined;
    if (payload === undefined) return undefined;
    try {
      return guestClaims(payload, { site, now, grace: REMEMBERED }).sub;
    } catch (fault) {
      if (fault instanceof RefusedError) return undefined;
      throw fault;
    }
  }

  #secret(site: string): Uint8Array {
    let secret = this.#secrets.get(site);
    if (!secret) {
      secret = new Uint8Array(hkdfSync('sha256', this.#secretKey, '', `chalk-talk/guest-tokens/${site}`, 32));
      this.#secrets.set(site, secret);
    }
    return secret;
  }
}
