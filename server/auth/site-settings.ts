import { RefusedError } from '../../protocol/errors.js';
import { ROOM_PATTERN, SITE_ID } from '../../protocol/names.js';
import type { Site, SiteLimits } from '../domain/site.js';
import { isOrigin } from './origin.js';

/** What is to be other than it was. Limits are merged member by member; the rest is replaced. */
export type SiteChanges = {
  readonly [Setting in 'name' | 'origins' | 'guests' | 'retentionDays']?: Site[Setting] | undefined;
} & { readonly limits?: { readonly [Limit in keyof SiteLimits]?: SiteLimits[Limit] | undefined } | undefined };

/** The site with its changes; what they don't name stays. */
export function changedSite(before: Site, { name, origins, guests, retentionDays, limits }: SiteChanges): Site {
  return {
    id: before.id,
    name: name ?? before.name,
    origins: origins ?? before.origins,
    guests: guests ?? before.guests,
    // Null is a value of its own: everything is kept.
    retentionDays: retentionDays === undefined ? before.retentionDays : retentionDays,
    limits: {
      connections: limits?.connections ?? before.limits.connections,
      peersPerRoom: limits?.peersPerRoom ?? before.limits.peersPerRoom,
      commandsPerSecond: limits?.commandsPerSecond ?? before.limits.commandsPerSecond,
    },
  };
}

/** @throws RefusedError `invalid_input`, naming the id, the origin or the guest rule that has a wrong form */
export function judgeSite(site: Site): void {
  if (!SITE_ID.test(site.id)) throw wrong('a site id', site.id);
  for (const origin of site.origins) {
    if (!isOrigin(origin)) {
      throw wrong(
        'an origin as browsers send it, like `https://example.com` (with the port where it is not the default, and no path)',
        origin,
      );
    }
  }
  for (const pattern of Object.keys(site.guests)) {
    if (!ROOM_PATTERN.test(pattern)) throw wrong('a room, nor the beginning of one with a `*`', pattern);
  }
}

function wrong(what: string, said: string): RefusedError {
  return new RefusedError('invalid_input', { message: `${JSON.stringify(said)} is not ${what}.` });
}
