import { RefusedError } from '../../protocol/errors.js';
import { KEY_ID } from '../../protocol/names.js';
import type { RoomGrants } from '../../protocol/schema/claims.js';
import type { Person } from '../../protocol/timeline/state.js';
import { displayName } from './display-name.js';
import { Grants } from './grants.js';
import { GUEST_KEY, type GuestTokens } from './guest-tokens.js';
import type { Identity } from './identity.js';
import { signedPayload, type TokenHeader, tokenHeader } from './signature.js';
import type { SiteDirectory, VerifyingKey } from './site-directory.js';
import { judgeStanding } from './standing.js';
import { guestClaims, personClaims } from './token-claims.js';
import { VerifiedTokens } from './verified-tokens.js';

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
  readonly #verified = new VerifiedTokens();

  constructor({ sites, guests, now }: TokenVerifierOptions) {
    this.#sites = sites;
    this.#guests = guests;
    this.#now = now;
  }

  /**
   * Who holds this token, at this site.
   *
   * @throws RefusedError `token_missing`; `token_invalid` for everything up to and including the
   *   signature; after that `token_wrong_audience`, `token_wrong_site`, `token_claims`,
   *   `token_expired`, `token_not_yet_valid`, `guests_not_allowed`, `token_revoked`,
   *   `person_revoked`
   */
  async verify(site: string, token: string | undefined): Promise<Identity> {
    if (!token) throw new RefusedError('token_missing');
    const header = tokenHeader(token);
    if (!header) throw new RefusedError('token_invalid');
    const identity = await this.#identity(site, token, header);
    const fault = judgeStanding(this.#sites, identity);
    if (fault) throw new RefusedError(fault);
    return identity;
  }

  /**
   * Whether a token names a key that there is, and its algorithm: otherwise it is none, and to know
   * that costs nothing.
   */
  namesKey(site: string, token: string): boolean {
    const header = tokenHeader(token);
    return header !== undefined && (header.kid === GUEST_KEY || this.#key(site, header) !== undefined);
  }

  #key(site: string, { kid, alg }: TokenHeader): VerifyingKey | undefined {
    const key = KEY_ID.test(kid) ? this.#sites.key(site, kid) : undefined;
    return key?.algorithm === alg ? key : undefined;
  }

  /** Who holds this token, whatever became of them since it was signed. */
  async #identity(site: string, token: string, header: TokenHeader): Promise<Identity> {
    if (header.kid === GUEST_KEY) return this.#verifyGuest(site, token);
    const key = this.#key(site, header);
    if (!key) throw new RefusedError('token_invalid');
    return this.#verified.recall(key, token, this.#now()) ?? this.#verifyPerson(key, token);
  }

  async #verifyPerson(key: VerifyingKey, token: string): Promise<Identity> {
    const { site, kid, forServers } = key;
    const payload = await signedPayload(token, key.object, key.algorithm);
    // Asked again, for it may have been revoked meanwhile.
    if (payload === undefined || this.#sites.key(site, kid) !== key) throw new RefusedError('token_invalid');
    const { sub, name, rooms, exp, jti } = personClaims(payload, { site, now: this.#now() });
    const person: Person = { id: sub, name: nameToShow(name) };
    const grants = new Grants(rooms);
    const identity = { site, person, grants, expires: exp * 1_000, kid, forServers, ...(jti !== undefined && { jti }) };
    this.#verified.remember(key, token, identity);
    return identity;
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
