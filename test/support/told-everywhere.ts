import type { SiteDirectory } from '../../server/auth/site-directory.js';
import { meddling } from './meddling.js';

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

/**
 * The sites of one node. A change of them ends when the other nodes know of it as well: from then
 * on a test may ask any node. The others are made to read it at once; by themselves they would go
 * by the clock, which the test may have stopped.
 */
export function toldEverywhere(sites: SiteDirectory, others: readonly SiteDirectory[]): SiteDirectory {
  if (others.length === 0) return sites;
  const tell = async () => {
    await Promise.all(others.map(other => other.reload()));
  };
  return meddling(telling(sites, tell), { revocations: telling(sites.revocations, tell) });
}

/** The same object, whose changes end when they are told. */
function telling<Changed extends object>(changed: Changed, tell: () => Promise<void>): Changed {
  return new Proxy(changed, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (!CHANGES.has(name)) return (...given: unknown[]): unknown => Reflect.apply(value, target, given);
      return async (...given: unknown[]): Promise<unknown> => {
        const answer: unknown = await Reflect.apply(value, target, given);
        await tell();
        return answer;
      };
    },
  });
}
