/** Sites in memory while others change them in storage, and this server does so too. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import type { SiteChange } from '../../../server/auth/site-change.js';
import { SiteDirectory } from '../../../server/auth/site-directory.js';
import { newSiteKey } from '../../support/tokens.js';
import { site } from '../storage/contract/place.js';
import { sharedSites } from './shared-sites.js';

const ACME = site('acme', { origins: ['https://acme.example'] });

/** What waits until the test lets it go on. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>(resolve => (open = resolve));
  return { opened, open };
}

function changesOf(sites: SiteDirectory): SiteChange[] {
  const changes: SiteChange[] = [];
  sites.listen(change => changes.push(change));
  return changes;
}

suite('a reading that is older than a change made here', () => {
  test('undoes nothing of it, and is made up for', async t => {
    const storage = await sharedSites(t);
    const other = await SiteDirectory.load(storage);
    await other.createSite(ACME);
    await other.createSite(site('globex'));
    const { key } = newSiteKey('acme');
    await other.addKey(key);
    const { opened, open } = gate();
    let holds = false;
    const here = await SiteDirectory.load({
      ...storage,
      async sites() {
        const answer = await storage.sites();
        if (holds) await opened;
        return answer;
      },
    });
    await other.patchSite('globex', { name: 'Globex Inc' });
    holds = true;
    const reading = here.reload();
    await turn();
    holds = false;
    const changes = changesOf(here);
    const revoking = here.revokeKey('acme', key.kid);
    await other.patchSite('acme', { name: 'Acme Inc' });
    open();
    await Promise.all([reading, revoking]);
    assert.equal(here.key('acme', key.kid), undefined);
    assert.equal(here.site('globex')?.name, 'Globex Inc');
    await here.reload();
    assert.equal(here.site('acme')?.name, 'Acme Inc');
    assert.deepEqual(
      changes.map(({ type }) => type),
      ['site', 'site', 'key.revoked'],
    );
  });
});
