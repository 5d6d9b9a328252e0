import { SignJWT } from 'jose';

import { RefusedError } from '../../protocol/errors.js';
import { GUEST_PREFIX, randomId } from '../../protocol/names.js';
import { AUDIENCE, type RoomGrants } from '../../protocol/schema/claims.js';
import { displayName } from './display-name.js';
import type { VerifyingKey } from './verifying-key.js';

export interface TrialPerson {
  readonly sub: string;
  readonly name: string;
  readonly rooms: RoomGrants;
}

/** Seconds from now until it ends. */
const LIFETIME = 60 * 60;

/**
 * A person's token as the site's own server would sign it, to try things out with.
 *
 * @param key one whose secret the server has: an HS256 key
 * @param now milliseconds since 1970
 * @returns the token, its `jti`, and its end in milliseconds since 1970
 * @throws RefusedError `invalid_input` where nobody could use such a token
 */
export async function signTrialToken(
  key: VerifyingKey,
  { sub, name, rooms }: TrialPerson,
  now: number,
  lifetime = LIFETIME,
): Promise<{ readonly token: string; readonly jti: string; readonly expires: number }> {
  if (sub.startsWith(GUEST_PREFIX)) throw wrong(`\`sub\` must not begin with "${GUEST_PREFIX}".`);
  if (displayName(name) === undefined) throw wrong('`name` has nothing in it that can be shown.');
  const issued = Math.floor(now / 1_000);
  // Begins with a letter, so that no command takes it for an option.
  const jti = `t${randomId(16)}`;
  const token = await new SignJWT({ name, rooms })
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: 'JWT' })
    .setIssuer(key.site)
    .setAudience(AUDIENCE)
    .setSubject(sub)
    .setJti(jti)
    .setIssuedAt(issued)
    .setExpirationTime(issued + lifetime)
    .sign(key.object);
  return { token, jti, expires: (issued + lifetime) * 1_000 };
}

function wrong(message: string): RefusedError {
  return new RefusedError('invalid_input', { message });
}
