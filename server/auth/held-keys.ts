import type { VerifyingKey } from './verifying-key.js';

/** The keys of all sites that are not revoked, ready to verify with. */
export class HeldKeys {
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
