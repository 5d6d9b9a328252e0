import { hkdfSync } from 'node:crypto';

import { SignJWT } from 'jose';

import { RefusedError } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import { GUEST_PREFIX, randomId } from '../../protocol/names.js';
import { AUDIENCE } from '../../protocol/schema/claims.js';
import { signedPayload } from './signature.js';
import type { SiteDirectory } from './site-directory.js';
import { type ClaimsContext, type GuestClaims, guestClaims } from './token-claims.js';

/**
 * The key id of the server's own tokens for guests. No customer's key can have it: KEY_ID begins
 * with a letter or digit.
 */
export const GUEST_KEY = '_guest';

const ALGORITHM = 'HS256';
/** Life of a guest's token, in seconds. */
const LIFETIME = 60 * 60;
/**
 * For how long a guest stays the same person, in seconds from when they first came, however often
 * the token is renewed. Were it counted from the last token instead, whoever once got hold of one
 * could be that guest for ever.
 */
const SAME_PERSON = 30 * 24 * 60 * 60;

/**
 * Signs tokens for guests, and knows its own again. Each site has a secret of its own, derived from
 * the server's and from the chance that the site was made with: a later site of the same id knows
 * nobody's token.
 */
export class GuestTokens {
  readonly #secretKey: string;
  readonly #sites: SiteDirectory;
  /** By site, for the nonce that it has. */
  readonly #secrets = new Map<string, { readonly nonce: string; readonly secret: Uint8Array }>();

  constructor(secretKey: string, sites: SiteDirectory) {
    this.#secretKey = secretKey;
    this.#sites = sites;
  }

  /**
   * A token for a guest of a site.
   *
   * @param previous the guest's last token, perhaps ended: who held it stays the same person, for
   *   thirty days in all
   * @param now in milliseconds since 1970
   * @throws RefusedError `person_revoked` where who held it is revoked, so that they don't come
   *   back as somebody else; `site_unknown`
   */
  async sign(site: string, name: string, previous: string | undefined, now: number): Promise<string> {
    const issued = Math.floor(now / 1_000);
    const known = previous === undefined ? undefined : await this.guestOf(site, previous, now);
    const secret = this.#secret(site);
    if (!secret) throw new RefusedError('site_unknown');
    const { sub, since } = known ?? { sub: `${GUEST_PREFIX}${randomId(16)}`, since: issued };
    return new SignJWT({ name, since })
      .setProtectedHeader({ alg: ALGORITHM, kid: GUEST_KEY })
      .setIssuer(site)
      .setAudience(AUDIENCE)
      .setSubject(sub)
      .setIssuedAt(issued)
      .setExpirationTime(issued + LIFETIME)
      .sign(secret);
  }

  /**
   * Verifies the signature.
   *
   * @returns what was signed, or undefined where this server did not sign it for this site
   */
  async verify(site: string, token: string): Promise<unknown> {
    const secret = this.#secret(site);
    return secret && signedPayload(token, secret, ALGORITHM);
  }

  /**
   * Who held this token of the server's own, perhaps ended, where they may still be the same
   * person; undefined for any other.
   *
   * @param now in milliseconds since 1970
   * @throws RefusedError `person_revoked`, however long ago the token ended
   */
  async guestOf(site: string, token: string, now: number): Promise<GuestClaims | undefined> {
    const payload = token.length <= LIMITS.tokenBytes ? await this.verify(site, token) : undefined;
    if (payload === undefined) return undefined;
    const claims = claimsOf(payload, { site, now, grace: Infinity });
    if (!claims) return undefined;
    if (this.#sites.revocations.has(site, 'person', claims.sub)) throw new RefusedError('person_revoked');
    return claims.since + SAME_PERSON >= Math.floor(now / 1_000) ? claims : undefined;
  }

  /** Undefined where there is no such site. */
  #secret(site: string): Uint8Array | undefined {
    const nonce = this.#sites.nonce(site);
    if (nonce === undefined) return undefined;
    const known = this.#secrets.get(site);
    if (known?.nonce === nonce) return known.secret;
    const secret = new Uint8Array(hkdfSync('sha256', this.#secretKey, nonce, `chalk-talk/guest-tokens/${site}`, 32));
    this.#secrets.set(site, { nonce, secret });
    return secret;
  }
}

function claimsOf(payload: unknown, context: ClaimsContext): GuestClaims | undefined {
  try {
    return guestClaims(payload, context);
  } catch (fault) {
    if (fault instanceof RefusedError) return undefined;
    throw fault;
  }
}
