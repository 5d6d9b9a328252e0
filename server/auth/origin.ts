import type { RefusalCode } from '../../protocol/errors.js';
import type { Site } from '../domain/site.js';

/** Whether this is an origin exactly as a browser sends it: scheme, host, the port where it is not the default. */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol } = new URL(text);
  return origin === text && (protocol === 'https:' || protocol === 'http:');
}

/**
 * Judges where a request comes from. Compared letter by letter: no suffix, scheme, port or case is ever close enough. No Origin at
 * all is no page's doing; whether that is allowed is for the token's key to say (see `judgeServerUse`).
 *
 * @returns what speaks against it, or undefined.
 */
export function judgeOrigin(site: Site | undefined, origin: string | undefined): RefusalCode | undefined {
  if (!site) return 'site_unknown';
  if (origin !== undefined && !site.origins.includes(origin)) return 'origin_not_allowed';
  return undefined;
}

/** Judges a connection without an Origin by the key that signed its token. */
export function judgeServerUse(
  origin: string | undefined,
  identity: { readonly forServers: boolean },
): RefusalCode | undefined {
  return origin === undefined && !identity.forServers ? 'origin_missing' : undefined;
}
