import type { RefusalCode } from '../../protocol/errors.js';
import { GUEST_KEY } from './guest-tokens.js';
import type { Identity } from './identity.js';
import type { SiteDirectory } from './site-directory.js';

/**
 * Judges someone whose token was verified, now or a while ago, by what the operator has said of the
 * key, the token and the person.
 *
 * @returns what speaks against them, or undefined
 */
export function judgeStanding(
  sites: SiteDirectory,
  { site, kid, jti, person }: Pick<Identity, 'site' | 'kid' | 'jti' | 'person'>,
): RefusalCode | undefined {
  if (kid !== GUEST_KEY && !sites.key(site, kid)) return 'token_invalid';
  if (jti !== undefined && sites.revocations.has(site, 'token', jti)) return 'token_revoked';
  if (sites.revocations.has(site, 'person', person.id)) return 'person_revoked';
  return undefined;
}
