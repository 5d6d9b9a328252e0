import { RefusedError } from '../../protocol/errors.js';
import { ROOM_PATTERN, SITE_ID } from '../../protocol/names.js';
import { MOST_ORIGINS } from '../../protocol/schema/admin.js';
import type { Site, SiteLimits } from '../domain/site.js';
import { isOrigin } from './origin.js';

/**
 * What is to be other than it was. Limits are merged member by member; what is listed is replaced,
 * then added to and taken from.
 */
export type SiteChanges = {
  readonly [Setting in 'name' | 'origins' | 'guests' | 'retentionDays' | 'strokeTimes']?: Site[Setting] | undefined;
} & {
  readonly limits?: { readonly [Limit in keyof SiteLimits]?: SiteLimits[Limit] | undefined } | undefined;
  readonly addOrigins?: readonly string[] | undefined;
  readonly removeOrigins?: readonly string[] | undefined;
  readonly setGuests?: Site['guests'] | undefined;
  readonly removeGuests?: readonly string[] | undefined;
};

/**
 * The site with its changes; what they don't name stays.
 *
 * @throws RefusedError `invalid_input` where something is taken away that is not listed
 */
export function changedSite(before: Site, changes: SiteChanges): Site {
  const { name, retentionDays, strokeTimes, limits } = changes;
  return {
    id: before.id,
    name: name ?? before.name,
    origins: changedOrigins(changes.origins ?? before.origins, changes),
    guests: changedGuests(changes.guests ?? before.guests, changes),
    // Null is a value of its own: everything is kept.
    retentionDays: retentionDays === undefined ? before.retentionDays : retentionDays,
    strokeTimes: strokeTimes ?? before.strokeTimes,
    limits: {
      connections: limits?.connections ?? before.limits.connections,
      peersPerRoom: limits?.peersPerRoom ?? before.limits.peersPerRoom,
      commandsPerSecond: limits?.commandsPerSecond ?? before.limits.commandsPerSecond,
      bytesPerSecond: limits?.bytesPerSecond ?? before.limits.bytesPerSecond,
      pointsPerSecond: limits?.pointsPerSecond ?? before.limits.pointsPerSecond,
    },
  };
}

function changedOrigins(
  listed: Site['origins'],
  { addOrigins = [], removeOrigins = [] }: SiteChanges,
): Site['origins'] {
  mustBeListed(removeOrigins, listed);
  return [...new Set([...listed.filter(origin => !removeOrigins.includes(origin)), ...addOrigins])];
}

function changedGuests(listed: Site['guests'], { setGuests, removeGuests = [] }: SiteChanges): Site['guests'] {
  mustBeListed(removeGuests, Object.keys(listed));
  const left = Object.entries(listed).filter(([room]) => !removeGuests.includes(room));
  return { ...Object.fromEntries(left), ...setGuests };
}

/** Whoever takes away what is not there has misspelt what is, which would stay. */
function mustBeListed(wanted: readonly string[], listed: readonly string[]): void {
  const missing = wanted.find(one => !listed.includes(one));
  if (missing === undefined) return;
  throw new RefusedError('invalid_input', { message: `The site does not list ${JSON.stringify(missing)}.` });
}

/**
 * @throws RefusedError `invalid_input`, naming the id, the origin or the guest rule that has a
 *   wrong form
 */
export function judgeSite(site: Site): void {
  if (!SITE_ID.test(site.id)) throw wrong('a site id', site.id);
  if (site.origins.length > MOST_ORIGINS) {
    throw new RefusedError('invalid_input', { message: `A site lists ${MOST_ORIGINS} origins at most.` });
  }
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
