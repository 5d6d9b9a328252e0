import { RefusedError } from '../../protocol/errors.js';
import type { KeyRecord, Site, SiteKey } from '../domain/site.js';
import { fingerprintOf, readyToVerify, unknownKey, type VerifyingKey } from './verifying-key.js';
import { Revocations } from './revocations.js';
import type { SiteChange } from './held-sites.js';
import { type SitesAtRest, SiteMirror } from './site-mirror.js';
import { changedSite, judgeSite, type SiteChanges } from './site-settings.js';

export type { SiteChange, VerifyingKey };

/**
 * The sites, their keys and whom they no longer admit, in memory, since every request asks for
 * them. What is changed through here is written to storage first and then told to whoever listens.
 * Changes of one site are made one after the other, on whichever server of a shared storage, so
 * that none loses another's.
 */
export class SiteDirectory {
  readonly #storage: SitesAtRest;
  readonly #mirror: SiteMirror;
  /** Whom and what sites do not admit just now. */
  readonly revocations: Revocations;
  /** Sites whose removal failed half-way. */
  readonly #halfRemoved = new Set<string>();

  private constructor(storage: SitesAtRest, now: () => number, tellOthers: () => void) {
    this.#storage = storage;
    this.revocations = new Revocations({
      storage,
      now,
      change: (site, work) => this.#change(site, work),
      tell: (site, { kind, subject }) => this.#mirror.tell({ type: `${kind}-revoked`, site, subject }),
    });
    this.#mirror = new SiteMirror({ storage, revocations: this.revocations, tellOthers });
  }

  /**
   * @param now milliseconds since 1970
   * @param tellOthers called after each change that was made through here, also where it is not
   *   known whether it was kept
   */
  static async load(
    storage: SitesAtRest,
    now: () => number = Date.now,
    tellOthers: () => void = () => undefined,
  ): Promise<SiteDirectory> {
    const directory = new SiteDirectory(storage, now, tellOthers);
    await directory.reload();
    return directory;
  }

  /**
   * Reads what something else than this directory changed in storage, and tells what is different.
   * Costs little where nothing is.
   */
  reload(): Promise<void> {
    return this.#mirror.reload();
  }

  /** Every site, by id. */
  get all(): readonly Site[] {
    return this.#mirror.held.all;
  }

  site(id: string): Site | undefined {
    return this.#mirror.held.site(id);
  }

  /**
   * Chance that a site was made with, and that goes with it; undefined where there is no such site.
   */
  nonce(site: string): string | undefined {
    return this.#mirror.held.nonce(site);
  }

  /** A key that is not revoked. */
  key(site: string, kid: string): VerifyingKey | undefined {
    return this.#mirror.held.key(site, kid);
  }

  /**
   * Adds a site.
   *
   * @throws RefusedError `site_exists`; `invalid_input` where an id, an origin or a guest rule has
   *   a wrong form
   */
  async createSite(site: Site): Promise<void> {
    judgeSite(site);
    await this.#mirror.alone(site.id, async () => {
      if (this.site(site.id)) throw new RefusedError('site_exists');
      if (this.#halfRemoved.has(site.id)) {
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
    await this.#mirror.alone(site.id, () => this.#keep(site));
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
   * Removes a site and everything of it. Nobody is let in any more from the beginning, and who is
   * connected is told to go; ends when nothing is left. A removal that failed half-way is taken up
   * where it is asked for again.
   *
   * @throws RefusedError `site_unknown`
   */
  async removeSite(id: string): Promise<void> {
    await this.#mirror.alone(id, async () => {
      const site = this.site(id);
      if (!site && !this.#halfRemoved.delete(id)) throw new RefusedError('site_unknown');
      if (this.#mirror.held.delete(id)) this.#mirror.tell({ type: 'site-removed', site: id });
      try {
        if (site) await this.#shut(site);
        await this.#storage.removeSite(id);
      } catch (fault) {
        // Where storage is shared all servers see what is left of it, this one too, and any of them
        // takes the removal up.
        if (this.#storage.isShared) this.#mirror.doubt();
        else this.#halfRemoved.add(id);
        throw fault;
      }
      this.revocations.forget(id);
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
   * Adds a key with which a site's own server signs tokens. What was revoked never comes back,
   * neither the id nor a public key.
   *
   * @throws RefusedError `site_unknown`, `key_exists`; `invalid_input` where the id or the material
   *   does not suit
   */
  async addKey(key: SiteKey): Promise<KeyRecord> {
    const verifying = readyToVerify(key);
    return this.#change(key.site, async () => {
      const records = await this.keyRecords(key.site);
      if (records.some(({ kid }) => kid === key.kid)) throw new RefusedError('key_exists');
      await this.#refuseAgain(verifying);
      await this.#storage.addKey(key);
      this.#mirror.held.putKey(verifying);
      return this.#keyRecord(key.site, key.kid);
    });
  }

  /**
   * Marks a key as good for connections without an Origin, or takes that back. Holds for whoever
   * connects from now on.
   *
   * @throws RefusedError `site_unknown`; `key_unknown`, where it is revoked too
   */
  markKey(site: string, kid: string, forServers: boolean): Promise<KeyRecord> {
    return this.#change(site, async () => {
      const key = this.key(site, kid);
      if (!key) throw unknownKey(await this.keyRecords(site), kid);
      await this.#storage.markKey(site, kid, forServers);
      this.#mirror.held.putKey({ ...key, forServers });
      return this.#keyRecord(site, kid);
    });
  }

  /**
   * From now on nothing that this key signed is accepted, and who came with it is out. Harmless
   * where it is revoked already.
   *
   * @throws RefusedError `site_unknown`, `key_unknown`
   */
  async revokeKey(site: string, kid: string): Promise<void> {
    await this.#change(site, async () => {
      const records = await this.keyRecords(site);
      if (!records.some(record => record.kid === kid)) throw new RefusedError('key_unknown');
      const key = this.key(site, kid);
      await this.#storage.revokeKey(site, kid, key && fingerprintOf(key));
      this.#mirror.held.deleteKey(site, kid);
      if (key) this.#mirror.tell({ type: 'key-revoked', site, kid });
    });
  }

  /** Calls `listener` at each change from now on, until the function that is returned is called. */
  listen(listener: (change: SiteChange) => void): () => void {
    return this.#mirror.listen(listener);
  }

  /**
   * Does the work when all other changes of a site have ended.
   *
   * @throws RefusedError `site_unknown`
   */
  #change<Value>(id: string, work: (site: Site) => Promise<Value>): Promise<Value> {
    return this.#mirror.alone(id, async () => work(this.#known(id)));
  }

  #known(id: string): Site {
    const site = this.site(id);
    if (!site) throw new RefusedError('site_unknown');
    return site;
  }

  async #keep(site: Site): Promise<void> {
    this.#mirror.held.put(site, await this.#storage.putSite(site));
    this.#mirror.tell({ type: 'site', site });
  }

  /**
   * What is removed is left last of all, so for the others it is a site where nobody comes in. (And
   * after a crash half-way it is one as well.)
   */
  async #shut(site: Site): Promise<void> {
    await this.#storage.putSite({ ...site, origins: [], guests: {} });
    this.#mirror.tellOthers();
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
    const held = this.#mirror.held.keysOf(key.site).find(other => fingerprintOf(other) === fingerprint);
    const kid = held?.kid ?? (await this.#storage.revokedBefore(key.site, fingerprint));
    if (kid === undefined) return;
    const message = `The site has, or had, this very key as ${kid}. A revoked key never comes back: make a new pair.`;
    throw new RefusedError('key_exists', { message });
  }
}
