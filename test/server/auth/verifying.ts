/** What the tests of tokens stand on. */
import assert from 'node:assert/strict';

import { RefusedError } from '../../../protocol/errors.js';
import { GuestTokens } from '../../../server/auth/guest-tokens.js';
import { SiteDirectory } from '../../../server/auth/site-directory.js';
import { TokenVerifier } from '../../../server/auth/token-verifier.js';
import { KEY_ALGORITHMS, type KeyAlgorithm } from '../../../server/domain/site.js';
import type { AppOptions } from '../../../server/app.js';
import { newStorage } from '../../support/place.js';
import { ManualClock } from '../../support/manual-clock.js';
import type { Scope } from '../../support/scope.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { newSiteKey, type TestKey } from '../../support/tokens.js';
import { site } from '../storage/contract/home.js';

/** Milliseconds. */
export const HOUR = 3_600_000;
const SITES = ['acme', 'globex'];
/** By site and algorithm. Made once: an RSA key takes a while. */
const KEYS: ReadonlyMap<string, TestKey> = new Map(
  SITES.flatMap(site =>
    KEY_ALGORITHMS.map(algorithm => [`${site} ${algorithm}`, newSiteKey(site, false, algorithm)] as const),
  ),
);

/**
 * A verifier over real sites with a key of each algorithm, and a clock that stands.
 *
 * @param given the storage; default one of the run's kind
 */
export async function setUp(scope: Scope, given?: AppOptions['storage']) {
  const storage = given ?? (await newStorage(scope));
  const clock = new ManualClock();
  const sites = await SiteDirectory.load(storage, () => clock.now());
  for (const id of SITES) {
    await sites.putSite(site(id, { guests: { lobby: 'viewer' } }));
  }
  for (const { key } of KEYS.values()) await sites.addKey(key);
  const guests = new GuestTokens(SECRET_KEY, sites);
  const tokens = new TokenVerifier({ sites, guests, now: () => clock.now() });
  const key = (site: string, algorithm: KeyAlgorithm = 'HS256'): TestKey => {
    const known = KEYS.get(`${site} ${algorithm}`);
    assert.ok(known);
    return known;
  };
  const verdict = async (token: string | undefined, site = 'acme'): Promise<string> => {
    try {
      return (await tokens.verify(site, token)).person.id;
    } catch (fault) {
      assert.ok(fault instanceof RefusedError, String(fault));
      return fault.code;
    }
  };
  return { storage, sites, clock, guests, tokens, key, verdict };
}
