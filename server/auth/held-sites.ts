import { isDeepStrictEqual } from 'node:util';

import type { Site, SiteKey } from '../domain/site.js';
import { type VerifyingKey, verifyingKey } from './verifying-key.js';

/** What happened to a site while people of it may be connected. */
export type SiteChange =
  | { readonly type: 'site'; readonly site: Site }
  | { readonly type: 'site-removed'; readonly site: string }
  | { readonly type: 'key-revoked'; readonly site: string; readonly kid: string }
  /** A person by their id, or a token by its `jti`. */
  | { readonly type: 'person-revoked' | 'token-revoked'; readonly site: string; readonly subject: string };

/** The keys of all sites that are not revoked, ready to verify with. */
class HeldKeys {
  /** By site, then by key id: two sites may use the same id. */
  readonly #sites = new Map<string, Map<string, VerifyingKey>>();

  get(site: string, kid: string): VerifyingKey | undefined {
    return this.#sites.get(site)?.get(kid);
  }

  of(site: string): readonly VerifyingKey[] {
    return [...(this.#sites.get(site)?.values() ?? [])];
  }

  get all(): readonly VerifyingKey[] {
    return [...this.#sites.values()].flatMap(keys => [...keys.values()]);
  }

  put(key: VerifyingKey): void {
    const ofSite = this.#sites.get(key.site) ?? new Map<string, VerifyingKey>();
    this.#sites.set(key.site, ofSite.set(key.kid, key));
  }

  delete(site: string, kid: string): void {
    this.#sites.get(site)?.delete(kid);
  }

  deleteSite(site: string): void {
    this.#sites.delete(site);
  }
}

/** Sites as storage has them. */
export interface KeptSites {
  readonly sites: readonly Site[];
  readonly nonces: ReadonlyMap<string, string>;
  readonly keys: readonly SiteKey[];
}

/** Sites and their keys in memory. */
export class HeldSites {
  readonly #sites = new Map<string, Site>();
  readonly #nonces = new Map<string, string>();
  #keys = new HeldKeys();

  /** Every site, by id. */
  get all(): readonly Site[] {
    return [...this.#sites.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  site(id: string): Site | undefined {
    return this.#sites.get(id);
  }

  nonce(id: string): string | undefined {
    return this.#nonces.get(id);
  }

  key(site: string, kid: string): VerifyingKey | undefined {
    return this.#keys.get(site, kid);
  }

  keysOf(site: string): readonly VerifyingKey[] {
    return this.#keys.of(site);
  }

  put(site: Site, nonce: string): void {
    this.#sites.set(site.id, site);
    this.#nonces.set(site.id, nonce);
  }

  /** @returns whether it was there */
  delete(id: string): boolean {
    this.#keys.deleteSite(id);
    this.#nonces.delete(id);
    return this.#sites.delete(id);
  }

  putKey(key: VerifyingKey): void {
    this.#keys.put(key);
  }

  deleteKey(site: string, kid: string): void {
    this.#keys.delete(site, kid);
  }

  /**
   * Lets go of the sites that storage has no longer, or has anew under the same id.
   *
   * @returns their ids
   */
  deleteGone({ nonces }: KeptSites, left: ReadonlySet<string>): readonly string[] {
    const gone = [...this.#nonces].filter(([id, nonce]) => !left.has(id) && nonces.get(id) !== nonce).map(([id]) => id);
    for (const id of gone) this.delete(id);
    return gone;
  }

  /**
   * Holds what storage has, but for the sites that are left as they are. A key that is the same
   * stays the same object, by which others know that what they remember of it is still true.
   *
   * @returns what is different
   */
  replace({ sites, nonces, keys }: KeptSites, left: ReadonlySet<string>): readonly SiteChange[] {
    const before = this.#keys;
    this.#keys = new HeldKeys();
    for (const key of keys) if (!left.has(key.site)) this.#keys.put(known(before, key) ?? verifyingKey(key));
    for (const key of before.all) if (left.has(key.site)) this.#keys.put(key);
    const changes: SiteChange[] = before.all
      .filter(({ site, kid }) => !this.#keys.get(site, kid))
      .map(({ site, kid }) => ({ type: 'key-revoked', site, kid }));
    for (const site of sites) {
      const nonce = nonces.get(site.id);
      if (left.has(site.id) || nonce === undefined) continue;
      const isNews = !isDeepStrictEqual(this.#sites.get(site.id), site);
      this.put(site, nonce);
      if (isNews) changes.push({ type: 'site', site });
    }
    return changes;
  }
}

/**
 * A key's id is never given to another one as long as its site is there, so what goes by it is the
 * same but for its mark.
 */
function known(held: HeldKeys, { site, kid, forServers }: SiteKey): VerifyingKey | undefined {
  const key = held.get(site, kid);
  return key?.forServers === forServers ? key : undefined;
}
