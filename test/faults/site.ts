/** The site that people are on while things break. */
import { SiteDirectory } from '../../server/auth/site-directory.js';
import type { SitesAtRest } from '../../server/auth/site-mirror.js';
import { DEFAULT_SITE_LIMITS, newSite } from '../../server/domain/site.js';
import { newSiteKey, type TestKey } from '../support/tokens.js';

export const SITE = 'acme';

/** Adds it. @returns the key by which its people's tokens are signed */
export async function addSite(storage: SitesAtRest): Promise<TestKey> {
  const key = newSiteKey(SITE, true);
  const sites = await SiteDirectory.load(storage);
  const limits = { ...DEFAULT_SITE_LIMITS, connections: 20_000 };
  await sites.putSite({ ...newSite(SITE), limits });
  await sites.addKey(key.key);
  return key;
}
