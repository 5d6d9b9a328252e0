import { RefusedError } from '../../protocol/errors.js';
import type { Revocation } from '../domain/site.js';

export type RevocationKind = Revocation['kind'];

/** Revocations of one site at most: each is looked up in memory whenever a token is judged. */
const MOST_REVOCATIONS = 100_000;

/**
 * Whom each site no longer admits, in memory. What has ended by itself is as if it had never been.
 */
export class HeldRevocations {
  readonly #most: number;
  /** By site, then by kind and subject. */
  readonly #sites = new Map<string, Map<string, Revocation>>();

  /** @param most of one site */
  constructor(most = MOST_REVOCATIONS) {
    this.#most = most;
  }

  /** @param now milliseconds since 1970, as everywhere here */
  has(site: string, kind: RevocationKind, subject: string, now: number): boolean {
    const revocation = this.#sites.get(site)?.get(nameOf(kind, subject));
    return revocation !== undefined && stands(revocation, now);
  }

  /** Those of a site, newest first. */
  of(site: string, now: number): readonly Revocation[] {
    return [...(this.#sites.get(site)?.values() ?? [])]
      .filter(revocation => stands(revocation, now))
      .sort((one, other) => other.revokedAt - one.revokedAt);
  }

  /** @throws RefusedError `too_large` where one more would be too many for the site */
  refuseTooMany(site: string, { kind, subject }: Pick<Revocation, 'kind' | 'subject'>, now: number): void {
    const held = this.#sites.get(site);
    if (!held || held.size < this.#most || held.has(nameOf(kind, subject))) return;
    for (const [name, revocation] of held) if (!stands(revocation, now)) held.delete(name);
    if (held.size < this.#most) return;
    const message = `The site has ${this.#most} revocations, and can't have more. Take some back, or revoke the key that signs for so many.`;
    throw new RefusedError('too_large', { message });
  }

  /** The same of some sites alone. */
  only(sites: ReadonlySet<string>): HeldRevocations {
    const wanted = new HeldRevocations(this.#most);
    for (const [site, held] of this.#sites) if (sites.has(site)) wanted.#sites.set(site, held);
    return wanted;
  }

  /** Again with another end replaces the first. */
  put(site: string, revocation: Revocation): void {
    const held = this.#sites.get(site) ?? new Map<string, Revocation>();
    this.#sites.set(site, held.set(nameOf(revocation.kind, revocation.subject), revocation));
  }

  delete(site: string, kind: RevocationKind, subject: string): void {
    this.#sites.get(site)?.delete(nameOf(kind, subject));
  }

  deleteSite(site: string): void {
    this.#sites.delete(site);
  }
}

function stands({ until }: Revocation, now: number): boolean {
  return until === null || until > now;
}

function nameOf(kind: RevocationKind, subject: string): string {
  return `${kind} ${subject}`;
}
