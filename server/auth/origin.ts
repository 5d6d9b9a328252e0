import type { IncomingHttpHeaders } from 'node:http';

import type { RefusalCode } from '../../protocol/errors.js';
import type { Site } from '../domain/site.js';

/**
 * Whether this is an origin exactly as a browser sends it: scheme, host, the port where it is not
 * the default.
 */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol } = new URL(text);
  return origin === text && (protocol === 'https:' || protocol === 'http:');
}

/**
 * Judges where a request comes from. Compared letter by letter: no suffix, scheme, port or case is
 * ever close enough. No Origin at all is no page's doing; whether that is allowed is for the
 * token's key to say (see `judgeServerUse`).
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

/**
 * The origin of a page of this server's own, which a site lists or not like any other: browsers
 * send none with a GET to the page's own origin. What they do send is Sec-Fetch-Site, which no page
 * can set, and Host: together they say that the page has the origin that was asked. A page of
 * another name that was made to lead here (DNS rebinding) has that other name as its Host.
 */
export function ownOrigin(headers: IncomingHttpHeaders, publicUrl: string): string | undefined {
  const isOwn = headers['sec-fetch-site'] === 'same-origin' && headers.host === new URL(publicUrl).host;
  return isOwn ? publicUrl : undefined;
}
