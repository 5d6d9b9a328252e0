import { RefusedError } from '../../protocol/errors.js';
import type { Append, Backups, Storage } from '../domain/storage.js';
import type { Sharing } from './storage-driver.js';
import { StorageFaultError } from './storage-fault.js';
import type { StorageHealth } from './storage-health.js';

/**
 * A storage that turns faults into refusals, which say when to try again; see StorageHealth.
 * Refusals of calls about sites, which only the operator makes, also say what is wrong. Close the
 * storage behind it to close it.
 */
export function guarded(storage: AnyStorage, health: StorageHealth): AnyStorage {
  const { backupPrefix } = storage;
  const read = health.read.bind(health);
  const write = health.write.bind(health);
  const port: Storage & Partial<Backups> = {
    turn(requests, decide) {
      let appends: readonly Append[] = [];
      const work = () => storage.turn(requests, opened => (appends = decide(opened)));
      return write(work, () => appends.length > 0);
    },
    head: room => read(() => storage.head(room)),
    heads: rooms => read(() => storage.heads(rooms)),
    snapshot: room => read(() => storage.snapshot(room)),
    tail: (room, after, limit) => read(() => storage.tail(room, after, limit)),
    messages: (room, before, limit) => read(() => storage.messages(room, before, limit)),
    readPosition: (room, person) => read(() => storage.readPosition(room, person)),
    setReadPosition: (room, person, seq) => write(() => storage.setReadPosition(room, person, seq)),

    sites: () => explained(read(() => storage.sites())),
    putSite: site => explained(write(() => storage.putSite(site))),
    addKey: key => explained(write(() => storage.addKey(key))),
    markKey: (site, kid, forServers) => explained(write(() => storage.markKey(site, kid, forServers))),
    revokeKey: (site, kid, fingerprint) => explained(write(() => storage.revokeKey(site, kid, fingerprint))),
    revokedBefore: (site, fingerprint) => explained(read(() => storage.revokedBefore(site, fingerprint))),
    keyRecords: site => explained(read(() => storage.keyRecords(site))),
    revoke: (site, revocation) => explained(write(() => storage.revoke(site, revocation))),
    allow: (site, kind, subject) => explained(write(() => storage.allow(site, kind, subject))),
    usage: (site, days) => explained(read(() => storage.usage(site, days))),
    // They write in steps, for minutes perhaps: too long for a write that others wait for.
    removeSite: site => explained(read(() => storage.removeSite(site))),
    forget: (site, before) => explained(read(() => storage.forget(site, before))),

    ...(backupPrefix !== undefined && { backupPrefix, backup: async file => storage.backup?.(file) }),
    close: () => storage.close(),
  };
  if (!storage.isShared) return { ...port, isShared: false };
  return {
    ...port,
    isShared: true,
    siteChanges: () => explained(read(() => storage.siteChanges())),
    exclusively: (name, work) => explained(read(() => storage.exclusively(name, work))),
  };
}

type AnyStorage = Storage & Partial<Backups> & Sharing;

/** Adds a storage fault's own message, which is for the operator, to its refusal. */
async function explained<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof RefusedError) || !(error.cause instanceof StorageFaultError)) throw error;
    const { code, retryAfter, cause } = error;
    throw new RefusedError(code, { message: cause.message, cause, ...(retryAfter !== undefined && { retryAfter }) });
  }
}
