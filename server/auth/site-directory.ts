import { RefusedError } from '../../protocol/errors.js';
import type { KeyRecord, Site, SiteKey } from '../domain/site.js';
import type { SiteStorage } from '../domain/storage.js';
import { HeldKeys } from './held-keys.js';
import { readyToVerify, unknownKey } from './judge-key.js';
import { LinesByName } from './lines-by-name.js';
import { Revocations } from './revocations.js';
import { changedSite, judgeSite, type SiteChanges } from './site-settings.js';
import { fingerprintOf, verifyingKey, type VerifyingKey } from './verifying-key.js';

export type { VerifyingKey };

/** What happened to a site while people of it may be connected. */
export type SiteChange =
  | { readonly type: 'site'; readonly site: Site }
  | { readonly type: 'site.removed'; readonly site: string }
  | { readonly type: 'key.revoked'; readonly site: string; readonly kid: string }
  /** A person by their id, or a token by its `jti`. */
  | { readonly type: 'person.revoked' | 'token.revoked'; readonly site: string; readonly subject: string };

/**
 * The sites, their keys and whom they no longer admit, in memory, since every request asks for them. What is changed through here is written to storage
 * first and then told to whoever listens. Changes of one site are made one after the other, so that none loses another's.
 */
export class SiteDirectory {
  readonly #storage: SiteStorage;
  #sites = new Map<string, Site>();
  #nonces = new Map<string, string>();
  #keys = new HeldKeys();
  /** Whom and what sites do not admit just now. */
  readonly revocations: Revocations;
  /** Sites whose removal has begun and not ended: perhaps it failed half-way. */
  readonly #leaving = new Set<string>();
  readonly #changes = new LinesByName();
  readonly #listeners = new Set<(change: SiteChange) => void>();

  private constructor(storage: SiteStorage, now: () => number) {
    this.#storage = storage;
    this.revocations = new Revocations({
      storage,
      now,
      change: (site, work) => this.#change(site, work),
      tell: (site, { kind, subject }) => this.#tell({ type: `${kind}.revoked`, site, subject }),
    });
  }

  /** @param now milliseconds since 1970 */
  static async load(storage: SiteStorage, now: () => number = Date.now): Promise<SiteDirectory> {
    const directory = new SiteDirectory(storage, now);
    await directory.reload();
    return directory;
  }

  /** Reads everything anew, after something else than this directory changed the storage, and tells what is different. */
  async reload(): Promise<void> {
    const { sites, nonces, keys, revocations } = await this.#storage.sites();
    const [sitesBefore, keysBefore] = [this.#sites, this.#keys];
    this.#sites = new Map(sites.map(site => [site.id, site]));
    this.#nonces = new Map(nonces);
    this.#keys = new HeldKeys();
    for (const key of keys) this.#keys.put(verifyingKey(key));
    const revoked = this.revocations.replace(revocations);
    for (const site of sitesBefore.keys()) if (!this.#sites.has(site)) this.#tell({ type: 'site.removed', site });
    for (const { site, kid } of keysBefore.all)
      if (!this.key(site, kid)) this.#tell({ type: 'key.revoked', site, kid });
    for (const { site, kind, subject } of revoked) this.#tell({ type: `${kind}.revoked`, site, subject });
    for (const site of sites) this.#tell({ type: 'site', site });
  }

  /** Every site, by id. */
  get all(): readonly Site[] {
    return [...this.#sites.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  site(id: string): Site | undefined {
    return this.#sites.get(id);
  }

  /** Chance that a site was made with, and that goes with it; undefined where there is no such site. */
  nonce(site: string): string | undefined {
    return this.#nonces.get(site);
  }

  /** A key that is not revoked. */
  key(site: string, kid: string): VerifyingKey | undefined {
    return this.#keys.get(site, kid);
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
    return this.#change(id, async before => {
      const site = changedSite(before, changes);
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
      this.#keys.deleteSite(id);
      this.#nonces.delete(id);
      if (this.#sites.delete(id)) this.#tell({ type: 'site.removed', site: id });
      await this.#storage.removeSite(id);
      this.revocations.forget(id);
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
   * Adds a key with which a site's own server signs tokens. What was revoked never comes back, neither the id nor a public key.
   *
   * @throws RefusedError `site_unknown`, `key_exists`; `invalid_input` where the id or the material does not suit
   */
  async addKey(key: SiteKey): Promise<KeyRecord> {
    const verifying = readyToVerify(key);
    return this.#change(key.site, async () => {
      const records = await this.keyRecords(key.site);
      if (records.some(({ kid }) => kid === key.kid)) throw new RefusedError('key_exists');
      await this.#refuseAgain(verifying);
      await this.#storage.addKey(key);
      this.#keys.put(verifying);
      return this.#keyRecord(key.site, key.kid);
    });
  }

  /**
   * Marks a key as good for connections without an Origin, or takes that back. Holds for whoever connects from now on.
   *
   * @throws RefusedError `site_unknown`; `key_unknown`, where it is revoked too
   */
  markKey(site: string, kid: string, forServers: boolean): Promise<KeyRecord> {
    return this.#change(site, async () => {
      const key = this.key(site, kid);
      if (!key) throw unknownKey(await this.keyRecords(site), kid);
      await this.#storage.markKey(site, kid, forServers);
      this.#keys.put({ ...key, forServers });
      return this.#keyRecord(site, kid);
    });
  }

  /**
   * From now on nothing that this key signed is accepted, and who came with it is out. Harmless where it is revoked already.
   *
   * @throws RefusedError `site_unknown`, `key_unknown`
   */
  async revokeKey(site: string, kid: string): Promise<void> {
    await this.#change(site, async () => {
      const records = await this.keyRecords(site);
      if (!records.some(record => record.kid === kid)) throw new RefusedError('key_unknown');
      const key = this.key(site, kid);
      await this.#storage.revokeKey(site, kid, key && fingerprintOf(key));
      this.#keys.delete(site, kid);
      if (key) this.#tell({ type: 'key.revoked', site, kid });
    });
  }

  /** Calls `listener` at each change from now on, until the function that is returned is called. */
  listen(listener: (change: SiteChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Does the work when all other changes of a site have ended. @throws RefusedError `site_unknown` */
  #change<Value>(id: string, work: (site: Site) => Promise<Value>): Promise<Value> {
    return this.#changes.do(id, async () => work(this.#known(id)));
  }

  #known(id: string): Site {
    const site = this.#sites.get(id);
    if (!site) throw new RefusedError('site_unknown');
    return site;
  }

  async #keep(site: Site): Promise<void> {
    this.#nonces.set(site.id, await this.#storage.putSite(site));
    this.#sites.set(site.id, site);
    this.#tell({ type: 'site', site });
  }

  async #keyRecord(site: string, kid: string): Promise<KeyRecord> {
    const record = (await this.#storage.keyRecords(site)).find(known => known.kid === kid);
    if (!record) throw new RefusedError('key_unknown');
    return record;
  }

  /** One public key under two ids would still be good when one of them is revoked. */
  async #refuseAgain(key: VerifyingKey): Promise<void> {
    const fingerprint = fingerprintOf(key);
    if (fingerprint === undefined) return;
    const held = this.#keys.of(key.site).find(other => fingerprintOf(other) === fingerprint);
    const kid = held?.kid ?? (await this.#storage.revokedBefore(key.site, fingerprint));
    if (kid === undefined) return;
    const message = `The site has, or had, this very key as ${kid}. A revoked key never comes back: make a new pair.`;
    throw new RefusedError('key_exists', { message });
  }

  #tell(change: SiteChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
