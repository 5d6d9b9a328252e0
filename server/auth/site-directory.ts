import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';

import { ROOM_PATTERN, KEY_ID, SITE_ID } from '../../protocol/names.js';
import type { SiteStorage } from '../domain/storage.js';
import type { Site, SiteKey } from '../domain/site.js';
import { isOrigin } from './origin.js';

/** A signing key, ready to verify with. */
export interface VerifyingKey extends Omit<SiteKey, 'material'> {
  readonly object: KeyObject;
}

/** What happened to a site while people of it may be connected. */
export type SiteChange =
  | { readonly type: 'site'; readonly site: Site }
  | { readonly type: 'key.revoked'; readonly site: string; readonly kid: string };

/** The shortest secret of an HS256 key, in bytes: as long as its hash (RFC 7518, 3.2). */
const SECRET_BYTES = 32;
/** The shortest modulus of an RS256 key, in bits (RFC 7518, 3.3). */
const RSA_BITS = 2_048;

/**
 * The sites and their keys, in memory, since every request asks for them. What is changed through here is written to storage
 * first and then told to whoever listens.
 */
export class SiteDirectory {
  readonly #storage: SiteStorage;
  #sites = new Map<string, Site>();
  /** By site, then by key id: two sites may use the same id. */
  #keys = new Map<string, Map<string, VerifyingKey>>();
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
    const before = this.#keys;
    this.#sites = new Map(sites.map(site => [site.id, site]));
    this.#keys = new Map();
    for (const key of keys) this.#hold(verifyingKey(key));
    for (const [site, kids] of before) {
      for (const kid of kids.keys()) if (!this.key(site, kid)) this.#tell({ type: 'key.revoked', site, kid });
    }
    for (const site of sites) this.#tell({ type: 'site', site });
  }

  site(id: string): Site | undefined {
    return this.#sites.get(id);
  }

  /** A key that is not revoked. */
  key(site: string, kid: string): VerifyingKey | undefined {
    return this.#keys.get(site)?.get(kid);
  }

  /**
   * Adds a site, or replaces its settings.
   *
   * @throws TypeError where an id, an origin or a guest rule does not have the form that it must have.
   */
  async putSite(site: Site): Promise<void> {
    if (!SITE_ID.test(site.id)) throw new TypeError(`Not a site id: ${JSON.stringify(site.id)}`);
    for (const origin of site.origins) {
      if (!isOrigin(origin)) throw new TypeError(`Not an origin as browsers send it: ${JSON.stringify(origin)}`);
    }
    for (const pattern of Object.keys(site.guests)) {
      if (!ROOM_PATTERN.test(pattern)) throw new TypeError(`Not a room or pattern: ${JSON.stringify(pattern)}`);
    }
    await this.#storage.putSite(site);
    this.#sites.set(site.id, site);
    this.#tell({ type: 'site', site });
  }

  /**
   * Adds a key with which a site's own server signs tokens.
   *
   * @throws TypeError where the id or the material does not suit, or there is no such site.
   */
  async addKey(key: SiteKey): Promise<void> {
    if (!this.#sites.has(key.site)) throw new TypeError(`There is no site ${JSON.stringify(key.site)}`);
    if (!KEY_ID.test(key.kid)) throw new TypeError(`Not a key id: ${JSON.stringify(key.kid)}`);
    const verifying = verifyingKey(key);
    await this.#storage.addKey(key);
    this.#hold(verifying);
  }

  /** From now on nothing that this key signed is accepted, and who came with it is out. */
  async revokeKey(site: string, kid: string): Promise<void> {
    await this.#storage.revokeKey(site, kid);
    if (this.#keys.get(site)?.delete(kid)) this.#tell({ type: 'key.revoked', site, kid });
  }

  /** Calls `listener` at each change from now on, until the function that is returned is called. */
  listen(listener: (change: SiteChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #hold(key: VerifyingKey): void {
    const ofSite = this.#keys.get(key.site) ?? new Map<string, VerifyingKey>();
    this.#keys.set(key.site, ofSite.set(key.kid, key));
  }

  #tell(change: SiteChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Reads the material, and holds it to its one algorithm: an RSA key can never be taken for an HMAC secret. */
function verifyingKey({ material, ...key }: SiteKey): VerifyingKey {
  if (key.algorithm === 'HS256') {
    if (material.byteLength < SECRET_BYTES) throw new TypeError(`A secret needs ${SECRET_BYTES} bytes at least`);
    return { ...key, object: createSecretKey(material) };
  }
  const object = createPublicKey(Buffer.from(material));
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = object;
  const suits = {
    ES256: type === 'ec' && details?.namedCurve === 'prime256v1',
    EdDSA: type === 'ed25519',
    RS256: type === 'rsa' && (details?.modulusLength ?? 0) >= RSA_BITS,
  }[key.algorithm];
  if (!suits) throw new TypeError(`The public key is not one for ${key.algorithm}`);
  return { ...key, object };
}
