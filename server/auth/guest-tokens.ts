import { hkdfSync } from 'node:crypto';

import { SignJWT } from 'jose';

import { RefusedError } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import { GUEST_PREFIX, randomId } from '../../protocol/names.js';
import { AUDIENCE } from '../../protocol/schema/claims.js';
import { signedPayload } from './signature.js';
import { type GuestClaims, guestClaims } from './token-claims.js';

/** The key id of the server's own tokens for guests. No customer's key can have it: KEY_ID begins with a letter or digit. */
export const GUEST_KEY = '_guest';

const ALGORITHM = 'HS256';
/** Life of a guest's token, in seconds. */
const LIFETIME = 60 * 60;
/**
 * For how long a guest stays the same person, in seconds from when they first came, however often the token is renewed. Were it counted from
 * the last token instead, whoever once got hold of one could be that guest for ever, since nobody can revoke it.
 */
const SAME_PERSON = 30 * 24 * 60 * 60;

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
   * @param previous the guest's last token, perhaps ended: who held it stays the same person, for thirty days in all
   * @param now in milliseconds since 1970
   */
  async sign(site: string, name: string, previous: string | undefined, now: number): Promise<string> {
    const issued = Math.floor(now / 1_000);
    const known = previous === undefined ? undefined : await this.guestOf(site, previous, now);
    const { sub, since } = known ?? { sub: `${GUEST_PREFIX}${randomId(16)}`, since: issued };
    return new SignJWT({ name, since })
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

  /**
   * Who held this token of the server's own, perhaps ended, where they may still be the same person; undefined for any other.
   *
   * @param now in milliseconds since 1970
   */
  async guestOf(site: string, token: string, now: number): Promise<GuestClaims | undefined> {
    const payload = token.length <= LIMITS.tokenBytes ? await this.verify(site, token) : undefined;
    if (payload === undefined) return undefined;
    try {
      const claims = guestClaims(payload, { site, now, grace: SAME_PERSON });
      return claims.since + SAME_PERSON >= Math.floor(now / 1_000) ? claims : undefined;
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
