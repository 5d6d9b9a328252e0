import type { SitesAtRest } from '../../../server/auth/site-mirror.js';
import { SerialQueue } from '../../../server/serial-queue.js';
import { newStorage } from '../../support/place.js';
import type { Scope } from '../../support/scope.js';

/**
 * Storage of sites as several servers share it, played over one: each directory that stands on it
 * is a server.
 */
export async function sharedSites(scope: Scope): Promise<Extract<SitesAtRest, { readonly isShared: true }>> {
  const storage = await newStorage(scope);
  const queue = new SerialQueue();
  let changes = 0;
  const counted = <Value>(change: Promise<Value>) => change.finally(() => (changes += 1));
  return {
    sites: () => storage.sites(),
    putSite: site => counted(storage.putSite(site)),
    addKey: key => counted(storage.addKey(key)),
    markKey: (site, kid, forServers) => counted(storage.markKey(site, kid, forServers)),
    revokeKey: (site, kid, fingerprint) => counted(storage.revokeKey(site, kid, fingerprint)),
    revokedBefore: (site, fingerprint) => storage.revokedBefore(site, fingerprint),
    keyRecords: site => storage.keyRecords(site),
    revoke: (site, revocation) => counted(storage.revoke(site, revocation)),
    allow: (site, kind, subject) => counted(storage.allow(site, kind, subject)),
    usage: (site, days) => storage.usage(site, days),
    removeSite: site => counted(storage.removeSite(site)),
    forget: (site, before) => storage.forget(site, before),
    isShared: true,
    siteChanges: () => Promise.resolve(`${changes}`),
    exclusively: (name, work) => queue.run(work, name),
  };
}
