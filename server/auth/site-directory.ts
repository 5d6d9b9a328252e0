import { RefusedError } from '../../protocol/errors.js';
import { KEY_ID } from '../../protocol/names.js';
import type { KeyRecord, Site, SiteKey } from '../domain/site.js';
import type { SiteStorage } from '../domain/storage.js';
import { LinesByName } from './lines-by-name.js';
import { changedSite, judgeSite, type SiteChanges } from './site-settings.js';
import { verifyingKey, type VerifyingKey } from './verifying-key.js';

export type { VerifyingKey };

/** What happened to a site while people of it may be connected. */
export type SiteChange =
  | { readonly type: 'site'; readonly site: Site }
  | { readonly type: 'site.removed'; readonly site: string }
  | { readonly type: 'key.revoked'; readonly site: string; readonly kid: string };

/**
 * The sites and their keys, in memory, since every request asks for them. What is changed through here is written to storage
 * first and then told to whoever listens. Changes of one site are made one after the other, so that none loses another's.
 */
export class SiteDirectory {
  readonly #storage: SiteStorage;
  #sites = new Map<string, Site>();
  /** By site, then by key id: two sites may use the same id. */
  #keys = new Map<string, Map<string, VerifyingKey>>();
  /** Sites whose removal has begun and not ended: perhaps it failed half-way. */
  readonly #leaving = new Set<string>();
  readonly #changes = new LinesByName();
  readonly #listeners = new Set<(change: SiteChange) => void>();

  private constructor(storage: SiteStorage) {
    this.#storage = storage;
  }

  static async load(storage: SiteStorage): Promise<SiteDirectory> {
    const directory = new SiteDirectory(storage);
    await directory.reload();
    return directory;
  }

  /** Reads everything anew, after something else than this directory changed the storage, and tells what is different. */
  async reload(): Promise<void> {
    const { sites, keys } = await this.#storage.sites();
    const [sitesBefore, keysBefore] = [this.#sites, this.#keys];
    this.#sites = new Map(sites.map(site => [site.id, site]));
    this.#keys = new Map();
    for (const key of keys) this.#hold(verifyingKey(key));
    for (const site of sitesBefore.keys()) if (!this.#sites.has(site)) this.#tell({ type: 'site.removed', site });
    for (const [site, kids] of keysBefore) {
      for (const kid of kids.keys()) if (!this.key(site, kid)) this.#tell({ type: 'key.revoked', site, kid });
    }
    for (const site of sites) this.#tell({ type: 'site', site });
  }

  /** Every site, by id. */
  get all(): readonly Site[] {
    return [...this.#sites.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  site(id: string): Site | undefined {
    return this.#sites.get(id);
  }

  /** A key that is not revoked. */
  key(site: string, kid: string): VerifyingKey | undefined {
    return this.#keys.get(site)?.get(kid);
  }

  /**
   * Adds a site.
   *
   * @throws RefusedError `site_exists`; `invalid_input` where an id, an origin or a guest rule has a wrong form
   */
  async createSite(site: Site): Promise<void> {
    judgeSite(site);
    await this.#changes.do(site.id, async () => {
      if (this.#sites.has(site.id)) throw new RefusedError('site_exists');
      if (this.#leaving.has(site.id)) {
        const message = 'A site of this id is half removed. Remove it again, then add it.';
        throw new RefusedError('site_exists', { message });
      }
      await this.#keep(site);
    });
  }

  /**
   * Adds a site, or replaces its settings.
   *
   * @throws RefusedError `invalid_input` where an id, an origin or a guest rule has a wrong form
   */
  async putSite(site: Site): Promise<void> {
    judgeSite(site);
    await this.#changes.do(site.id, () => this.#keep(site));
  }

  /**
   * Changes some of a site's settings; what is not named stays.
   *
   * @returns the site as it is from now on
   * @throws RefusedError `site_unknown`, `invalid_input`
   */
  patchSite(id: string, changes: SiteChanges): Promise<Site> {
    return this.#changes.do(id, async () => {
      const site = changedSite(this.#known(id), changes);
      judgeSite(site);
      await this.#keep(site);
      return site;
    });
  }

  /**
   * Removes a site and everything of it. Nobody is let in any more from the beginning, and who is connected is told to go; ends when
   * nothing is left. A removal that failed half-way is taken up where it is asked for again.
   *
   * @throws RefusedError `site_unknown`
   */
  async removeSite(id: string): Promise<void> {
    await this.#changes.do(id, async () => {
      if (!this.#leaving.has(id)) this.#known(id);
      this.#leaving.add(id);
      this.#keys.delete(id);
      if (this.#sites.delete(id)) this.#tell({ type: 'site.removed', site: id });
      await this.#storage.removeSite(id);
      this.#leaving.delete(id);
    });
  }

  /**
   * Every key of a site, revoked ones too, oldest first.
   *
   * @throws RefusedError `site_unknown`
   */
  async keyRecords(site: string): Promise<readonly KeyRecord[]> {
    this.#known(site);
    return this.#storage.keyRecords(site);
  }

  /**
   * Adds a key with which a site's own server signs tokens.
   *
   * @throws RefusedError `site_unknown`, `key_exists`; `invalid_input` where the id or the material does not suit
   */
  async addKey(key: SiteKey): Promise<KeyRecord> {
    if (!KEY_ID.test(key.kid)) throw invalid(`Not a key id: ${JSON.stringify(key.kid)}.`);
    const verifying = readyToVerify(key);
    return this.#changes.do(key.site, async () => {
      const records = await this.keyRecords(key.site);
      if (records.some(({ kid }) => kid === key.kid)) throw new RefusedError('key_exists');
      await this.#storage.addKey(key);
      this.#hold(verifying);
      return this.#keyRecord(key.site, key.kid);
    });
  }

  /**
   * Marks a key as good for connections without an Origin, or takes that back. Holds for whoever connects from now on.
   *
   * @throws RefusedError `site_unknown`; `key_unknown`, where it is revoked too
   */
  markKey(site: string, kid: string, forServers: boolean): Promise<KeyRecord> {
    return this.#changes.do(site, async () => {
      this.#known(site);
      const key = this.key(site, kid);
      if (!key) throw unknownKey(await this.keyRecords(site), kid);
      await this.#storage.markKey(site, kid, forServers);
      this.#hold({ ...key, forServers });
      return this.#keyRecord(site, kid);
    });
  }

  /**
   * From now on nothing that this key signed is accepted, and who came with it is out. Harmless where it is revoked already.
   *
   * @throws RefusedError `site_unknown`, `key_unknown`
   */
  async revokeKey(site: string, kid: string): Promise<void> {
    await this.#changes.do(site, async () => {
      const records = await this.keyRecords(site);
      if (!records.some(record => record.kid === kid)) throw new RefusedError('key_unknown');
      await this.#storage.revokeKey(site, kid);
      if (this.#keys.get(site)?.delete(kid)) this.#tell({ type: 'key.revoked', site, kid });
    });
  }

  /** Calls `listener` at each change from now on, until the function that is returned is called. */
  listen(listener: (change: SiteChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #known(id: string): Site {
    const site = this.#sites.get(id);
    if (!site) throw new RefusedError('site_unknown');
    return site;
  }

  async #keep(site: Site): Promise<void> {
    await this.#storage.putSite(site);
    this.#sites.set(site.id, site);
    this.#tell({ type: 'site', site });
  }

  async #keyRecord(site: string, kid: string): Promise<KeyRecord> {
    const record = (await this.#storage.keyRecords(site)).find(known => known.kid === kid);
    if (!record) throw new RefusedError('key_unknown');
    return record;
  }

  #hold(key: VerifyingKey): void {
    const ofSite = this.#keys.get(key.site) ?? new Map<string, VerifyingKey>();
    this.#keys.set(key.site, ofSite.set(key.kid, key));
  }

  #tell(change: SiteChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** What is said of a key that can't be used: that it is revoked, where it was there once. */
export function unknownKey(records: readonly KeyRecord[], kid: string): RefusedError {
  if (!records.some(record => record.kid === kid)) return new RefusedError('key_unknown');
  return new RefusedError('key_unknown', { message: `The key ${kid} is revoked.` });
}

function readyToVerify(key: SiteKey): VerifyingKey {
  try {
    return verifyingKey(key);
  } catch (cause) {
    // What Node says of a key that it can't read names no part of it, but helps nobody either.
    throw invalid(cause instanceof TypeError ? cause.message : "The public key can't be read.", cause);
  }
}

function invalid(message: string, cause?: unknown): RefusedError {
  return new RefusedError('invalid_input', { message, cause });
}
