import { RefusedError } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import { PERSON_ID } from '../../protocol/names.js';
import type { Revocation } from '../domain/site.js';
import type { SiteStorage } from '../domain/storage.js';
import { HeldRevocations, type RevocationKind } from './held-revocations.js';

/**
 * Milliseconds after which the last token that bears a `jti` of now has ended, clocks of both sides
 * being as wrong as they may be.
 */
export const TOKEN_OUTLIVED = (LIMITS.tokenLifetime + 2 * LIMITS.clockSkew) * 1_000;

export interface RevocationsOptions {
  readonly storage: SiteStorage;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Does the work when all other changes of a site have ended. Rejects with `site_unknown` where
   * there is none.
   */
  readonly change: <Value>(site: string, work: () => Promise<Value>) => Promise<Value>;
  /** Told of each revocation, once it is kept and holds. */
  readonly tell: (site: string, revocation: Revocation) => void;
}

/**
 * Whom and what each site does not admit, though a good key signed for them. What has ended by
 * itself is as if it had never been.
 */
export class Revocations {
  readonly #options: RevocationsOptions;
  #held = new HeldRevocations();

  constructor(options: RevocationsOptions) {
    this.#options = options;
  }

  /**
   * Holds these instead of what it held, but for the sites that are left as they are.
   *
   * @returns those that it did not hold
   */
  replace(all: readonly SiteRevocation[], left: ReadonlySet<string>): readonly SiteRevocation[] {
    const [before, now] = [this.#held, this.#options.now()];
    const replacing = all.filter(({ site }) => !left.has(site));
    this.#held = before.only(left);
    for (const { site, ...revocation } of replacing) this.#held.put(site, revocation);
    return replacing.filter(({ site, kind, subject }) => !before.has(site, kind, subject, now));
  }

  /** Whether a site does not admit that person, or the token of that `jti`, just now. */
  has(site: string, kind: RevocationKind, subject: string): boolean {
    return this.#held.has(site, kind, subject, this.#options.now());
  }

  /** Those of a site that stand just now, newest first. */
  of(site: string): readonly Revocation[] {
    return this.#held.of(site, this.#options.now());
  }

  /**
   * From now on the site does not admit a person, whatever token they come with, or one token by
   * its `jti`; who is connected is told to go. Again with another end replaces the first.
   *
   * @param until when it ends by itself, in milliseconds since 1970; null: a person's never, a
   *   token's when no token can be so old any more
   * @throws RefusedError `site_unknown`; `invalid_input` where nobody can have such an id, or it
   *   would be over already; `too_large` where the site has revoked too many
   */
  revoke(site: string, kind: RevocationKind, subject: string, until: number | null = null): Promise<Revocation> {
    const { storage, now, change, tell } = this.#options;
    return change(site, async () => {
      const revocation = newRevocation(kind, subject, until, now());
      this.#held.refuseTooMany(site, revocation, now());
      await storage.revoke(site, revocation);
      this.#held.put(site, revocation);
      tell(site, revocation);
      return revocation;
    });
  }

  /**
   * Takes a revocation back.
   *
   * @throws RefusedError `site_unknown`; `invalid_input` where there is none
   */
  allow(site: string, kind: RevocationKind, subject: string): Promise<void> {
    return this.#options.change(site, async () => {
      const stood = this.has(site, kind, subject);
      await this.#options.storage.allow(site, kind, subject);
      this.#held.delete(site, kind, subject);
      // Whoever names what is not there has misspelt what is, which would stay.
      if (!stood) throw invalid(`${JSON.stringify(subject)} is not revoked.`);
    });
  }

  /** The site is gone, and these with it. */
  forget(site: string): void {
    this.#held.deleteSite(site);
  }
}

function newRevocation(kind: RevocationKind, subject: string, until: number | null, now: number): Revocation {
  judgeSubject(kind, subject);
  if (until !== null && until <= now) throw invalid('`until` must lie ahead, in milliseconds since 1970.');
  return { kind, subject, revokedAt: now, until: until ?? (kind === 'token' ? now + TOKEN_OUTLIVED : null) };
}

function judgeSubject(kind: RevocationKind, subject: string): void {
  if (kind === 'person') {
    if (PERSON_ID.test(subject)) return;
    throw invalid(
      `${JSON.stringify(subject)} is not a person's id: 1 to 128 visible ASCII characters, without spaces.`,
    );
  }
  // Half a surrogate pair would be another text in storage.
  if (subject.length >= 1 && subject.length <= 128 && !/\p{Cs}/u.test(subject)) return;
  throw invalid(`${JSON.stringify(subject)} is not a token's \`jti\`: 1 to 128 characters.`);
}

function invalid(message: string): RefusedError {
  return new RefusedError('invalid_input', { message });
}

type SiteRevocation = Revocation & { readonly site: string };
