import { createHash } from 'node:crypto';

import { RefusedError } from '../../protocol/errors.js';
import { KEY_ID } from '../../protocol/names.js';
import type { RoomGrants } from '../../protocol/schema/claims.js';
import type { Person } from '../../protocol/timeline/state.js';
import { RecentMap } from '../recent-map.js';
import { displayName } from './display-name.js';
import { Grants } from './grants.js';
import { GUEST_KEY, type GuestTokens } from './guest-tokens.js';
import type { Identity } from './identity.js';
import { signedPayload, tokenHeader } from './signature.js';
import type { SiteDirectory, VerifyingKey } from './site-directory.js';
import { guestClaims, personClaims } from './token-claims.js';

/** Verified tokens that are remembered, so that one page's many requests cost one verification. */
const REMEMBERED = 20_000;

interface Verified {
  readonly identity: Identity;
  /** The very key that signed it: once it is revoked or replaced, what was remembered no longer counts. */
  readonly key: VerifyingKey;
}

export interface TokenVerifierOptions {
  readonly sites: SiteDirectory;
  readonly guests: GuestTokens;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Turns a token into an identity, or says why not. */
export class TokenVerifier {
  readonly #sites: SiteDirectory;
  readonly #guests: GuestTokens;
  readonly #now: () => number;
  /** By a hash of the token and its site; never by the token itself. */
  readonly #verified = new RecentMap<string, Verified>(REMEMBERED);

  constructor({ sites, guests, now }: TokenVerifierOptions) {
    this.#sites = sites;
    this.#guests = guests;
    this.#now = now;
  }

  /**
   * Who holds this token, at this site.
   *
   * @throws RefusedError `token_missing`; `token_invalid` for everything up to and including the signature; after that
   *   `token_wrong_audience`, `token_wrong_site`, `token_claims`, `token_expired`, `token_not_yet_valid`, `guests_not_allowed`
   */
  async verify(site: string, token: string | undefined): Promise<Identity> {
    if (!token) throw new RefusedError('token_missing');
    const header = tokenHeader(token);
    if (!header) throw new RefusedError('token_invalid');
    if (header.kid === GUEST_KEY) return this.#verifyGuest(site, token);
    const key = KEY_ID.test(header.kid) ? this.#sites.key(site, header.kid) : undefined;
    if (key?.algorithm !== header.alg) throw new RefusedError('token_invalid');
    return this.#recall(key, token) ?? this.#verifyPerson(key, token);
  }

  async #verifyPerson(key: VerifyingKey, token: string): Promise<Identity> {
    const { site, kid, forServers } = key;
    const payload = await signedPayload(token, key.object, key.algorithm);
    // Asked again, for it may have been revoked meanwhile.
    if (payload === undefined || this.#sites.key(site, kid) !== key) throw new RefusedError('token_invalid');
    const { sub, name, rooms, exp } = personClaims(payload, { site, now: this.#now() });
    const person: Person = { id: sub, name: nameToShow(name) };
    const identity = { site, person, grants: new Grants(rooms), expires: exp * 1_000, kid, forServers };
    this.#verified.set(fingerprint(site, token), { identity, key });
    return identity;
  }

  #recall(key: VerifyingKey, token: string): Identity | undefined {
    const name = fingerprint(key.site, token);
    const verified = this.#verified.get(name);
    if (!verified) return undefined;
    if (verified.key === key && verified.identity.expires > this.#now()) return verified.identity;
    this.#verified.delete(name);
    return undefined;
  }

  /** Not remembered: what a guest may do is read from the site's rules each time. */
  async #verifyGuest(site: string, token: string): Promise<Identity> {
    const payload = await this.#guests.verify(site, token);
    if (payload === undefined) throw new RefusedError('token_invalid');
    const { sub, name, exp } = guestClaims(payload, { site, now: this.#now() });
    const rules: RoomGrants = this.#sites.site(site)?.guests ?? {};
    if (Object.keys(rules).length === 0) throw new RefusedError('guests_not_allowed');
    return {
      site,
      person: { id: sub, name: nameToShow(name), guest: true },
      grants: new Grants(rules),
      expires: exp * 1_000,
      kid: GUEST_KEY,
      forServers: false,
    };
  }
}

function nameToShow(given: string): string {
  const name = displayName(given);
  if (name === undefined) {
    throw new RefusedError('token_claims', {
      message: "The token's claim `name` has nothing in it that can be shown.",
    });
  }
  return name;
}

function fingerprint(site: string, token: string): string {
  return createHash('sha256').update(site).update('\n').update(token).digest('base64url');
}
