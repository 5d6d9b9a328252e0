/**
 * Judges the claims of a token whose signature has been verified: before that nobody is told what
 * is wrong with them.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';

import { RefusedError } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import { GUEST_PREFIX, PERSON_ID } from '../../protocol/names.js';
import { AUDIENCE, type Claims, ClaimsSchema } from '../../protocol/schema/claims.js';

const NotBefore = Type.Object({ nbf: Type.Optional(Type.Number({ minimum: 0 })) });

/**
 * What the server signs for a guest. Rooms and role are not in it: the site's guest rules say them
 * at each verification.
 */
export const GuestClaimsSchema = Type.Object({
  iss: Type.String(),
  sub: Type.String({ pattern: PERSON_ID.source }),
  name: Type.String({ minLength: 1, maxLength: LIMITS.personName }),
  iat: Type.Integer({ minimum: 0 }),
  exp: Type.Integer({ minimum: 0 }),
  /** When the guest first came: seconds since 1970. */
  since: Type.Integer({ minimum: 0 }),
});
export type GuestClaims = Static<typeof GuestClaimsSchema>;

const personCheck = TypeCompiler.Compile(Type.Intersect([ClaimsSchema, NotBefore]));
const guestCheck = TypeCompiler.Compile(GuestClaimsSchema);

/** Where a token must belong and when it is judged. */
export interface ClaimsContext {
  readonly site: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** For how long after its end the token is still taken, in seconds; default 0. */
  readonly grace?: number;
}

/**
 * The claims of a token that a site's own server signed.
 *
 * @throws RefusedError `token_wrong_audience`, `token_wrong_site`, `token_claims`, `token_expired`,
 *   `token_not_yet_valid`
 */
export function personClaims(payload: unknown, context: ClaimsContext): Claims {
  const claims = parse(personCheck, payload, context.site);
  if (claims.sub.startsWith(GUEST_PREFIX)) throw wrong('sub', `must not begin with "${GUEST_PREFIX}"`);
  if (claims.exp - claims.iat > LIMITS.tokenLifetime) throw wrong('exp', 'is more than 24 hours after `iat`');
  judgePeriod(claims, context);
  return claims;
}

/**
 * The claims of a token that this server signed for a guest.
 *
 * @throws RefusedError as `personClaims`
 */
export function guestClaims(payload: unknown, context: ClaimsContext): GuestClaims {
  const claims = parse(guestCheck, payload, context.site);
  if (!claims.sub.startsWith(GUEST_PREFIX)) throw wrong('sub', `must begin with "${GUEST_PREFIX}"`);
  judgePeriod(claims, context);
  return claims;
}

function parse<Form extends TSchema>(check: TypeCheck<Form>, payload: unknown, site: string): Static<Form> {
  if (typeof payload !== 'object' || payload === null) throw new RefusedError('token_claims');
  if (!('aud' in payload) || payload.aud !== AUDIENCE) throw new RefusedError('token_wrong_audience');
  if (!('iss' in payload) || payload.iss !== site) throw new RefusedError('token_wrong_site');
  if (check.Check(payload)) return payload;
  const claim = check.Errors(payload).First()?.path.split('/')[1];
  throw claim ? wrong(claim, 'is missing or has a wrong form') : new RefusedError('token_claims');
}

function judgePeriod(
  claims: { readonly iat: number; readonly exp: number; readonly nbf?: number },
  { now, grace = 0 }: ClaimsContext,
): void {
  const skew = LIMITS.clockSkew;
  const seconds = now / 1_000;
  if (claims.exp + grace + skew <= seconds) throw new RefusedError('token_expired');
  if (Math.max(claims.iat, claims.nbf ?? 0) - skew > seconds) throw new RefusedError('token_not_yet_valid');
}

function wrong(claim: string, fault: string): RefusedError {
  return new RefusedError('token_claims', {
    message: `The token's claim \`${claim}\` ${fault}. See the table of claims in the README.`,
  });
}
