import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type SiteChange, SiteDirectory } from '../../../server/auth/site-directory.js';
import { StorageError } from '../../../server/domain/storage.js';
import { newStorage } from '../../support/place.js';
import { newSiteKey } from '../../support/tokens.js';
import { site } from '../storage/contract/home.js';

const ACME = site('acme');

test('a removal lets nobody in from its beginning, is told once, and is taken up again where it failed', async t => {
  const storage = await newStorage(t);
  let fails = true;
  const sites = await SiteDirectory.load({
    isShared: false,
    sites: () => storage.sites(),
    putSite: site => storage.putSite(site),
    addKey: key => storage.addKey(key),
    markKey: (site, kid, forServers) => storage.markKey(site, kid, forServers),
    revokeKey: (site, kid) => storage.revokeKey(site, kid),
    revokedBefore: (site, fingerprint) => storage.revokedBefore(site, fingerprint),
    keyRecords: site => storage.keyRecords(site),
    revoke: (site, revocation) => storage.revoke(site, revocation),
    allow: (site, kind, subject) => storage.allow(site, kind, subject),
    usage: (site, days) => storage.usage(site, days),
    forget: (site, before) => storage.forget(site, before),
    removeSite: site => (fails ? Promise.reject(new StorageError('The disk is full.')) : storage.removeSite(site)),
  });
  const { key } = newSiteKey('acme');
  await sites.createSite(ACME);
  await sites.addKey(key);
  const changes: SiteChange[] = [];
  sites.listen(change => changes.push(change));

  const removal = sites.removeSite('acme');
  assert.equal(sites.site('acme'), undefined);
  assert.equal(sites.key('acme', key.kid), undefined);
  await assert.rejects(removal, StorageError);
  await assert.rejects(sites.createSite(ACME), { code: 'site_exists' });
  await assert.rejects(sites.patchSite('acme', { name: 'Acme Inc' }), { code: 'site_unknown' });
  fails = false;
  await sites.removeSite('acme');
  assert.deepEqual(changes, [{ type: 'site-removed', site: 'acme' }]);
  await assert.rejects(sites.removeSite('acme'), { code: 'site_unknown' });

  await sites.createSite(ACME);
  assert.deepEqual(await sites.keyRecords('acme'), []);
  await storage.removeSite('acme');
  await sites.reload();
  assert.deepEqual(changes.at(-1), { type: 'site-removed', site: 'acme' });
});
