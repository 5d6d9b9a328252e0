import { setImmediate as nextRound } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import type { SiteDirectory } from '../../server/auth/site-directory.js';

/** Milliseconds after which a node that has not heard of a change fails the test. */
const PATIENCE = 10_000;

/** The methods that change a site, its keys or whom it admits. */
const CHANGES: ReadonlySet<string | symbol> = new Set([
  'createSite',
  'putSite',
  'patchSite',
  'removeSite',
  'addKey',
  'markKey',
  'revokeKey',
  'revoke',
  'allow',
]);

/** What a change was about. */
interface Subject {
  readonly site: string;
  /** A key's id, where it was about a key; anything otherwise. */
  readonly kid: string;
}

/** The sites of one node, whose changes end when the other nodes know of them as well: from then on a test may ask any node. */
export function toldEverywhere(sites: SiteDirectory, others: readonly SiteDirectory[]): SiteDirectory {
  if (others.length === 0) return sites;
  const settled = async (subject: Subject) => {
    await Promise.all(others.map(other => agreement(sites, other, subject)));
  };
  const revocations = waiting(sites.revocations, settled);
  return new Proxy(waiting(sites, settled), {
    get: (target, name) => (name === 'revocations' ? revocations : (Reflect.get(target, name) as unknown)),
  });
}

/** The same object, whose changes end when they are settled. */
function waiting<Changed extends object>(changed: Changed, settled: (subject: Subject) => Promise<void>): Changed {
  return new Proxy(changed, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (!CHANGES.has(name)) return (...given: unknown[]): unknown => Reflect.apply(value, target, given);
      return async (...given: unknown[]): Promise<unknown> => {
        const answer: unknown = await Reflect.apply(value, target, given);
        await settled(subjectOf(given));
        return answer;
      };
    },
  });
}

/** From `(site, kid)`, or from a site or a key as a whole. */
function subjectOf([first, second]: readonly unknown[]): Subject {
  if (typeof first !== 'object' || first === null) return { site: String(first), kid: String(second) };
  if ('kid' in first && 'site' in first) return { site: String(first.site), kid: String(first.kid) };
  return { site: 'id' in first ? String(first.id) : '', kid: '' };
}

/** Resolves when another node sees a site as the one does that changed it. */
async function agreement(changed: SiteDirectory, other: SiteDirectory, subject: Subject): Promise<void> {
  const until = performance.now() + PATIENCE;
  while (!isDeepStrictEqual(viewOf(changed, subject), viewOf(other, subject))) {
    if (performance.now() > until) throw new Error(`A node never heard of the change of ${JSON.stringify(subject)}.`);
    await nextRound();
  }
}

function viewOf(sites: SiteDirectory, { site, kid }: Subject): unknown {
  const settings = sites.site(site);
  const key = sites.key(site, kid);
  // Who was revoked at a site that is gone is nobody's concern.
  const revoked = settings && sites.revocations.of(site);
  return [settings, sites.nonce(site), key && [key.algorithm, key.forServers], revoked];
}
