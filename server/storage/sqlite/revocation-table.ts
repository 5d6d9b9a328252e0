import type { Database, Statement } from 'better-sqlite3';

import type { Revocation } from '../../domain/site.js';

interface RevocationRow {
  readonly site: string;
  readonly kind: Revocation['kind'];
  readonly subject: string;
  readonly revoked_at: number;
  readonly until: number | null;
}

/** How many that have ended are deleted at most when another one comes: so few that turns hardly wait for it. */
const ENDED_AT_ONCE = 1_000;

/** Whom sites no longer admit. What has ended by itself is deleted as others come. */
export class RevocationTable {
  readonly #now: () => number;
  readonly #standing: Statement<[now: number], RevocationRow>;
  readonly #put: Statement<[RevocationRow]>;
  readonly #delete: Statement<[site: string, kind: Revocation['kind'], subject: string]>;
  readonly #deleteEnded: Statement<[now: number, limit: number]>;

  constructor(database: Database, now: () => number) {
    this.#now = now;
    this.#standing = database.prepare(
      'SELECT site, kind, subject, revoked_at, until FROM revocation WHERE until IS NULL OR until > ?',
    );
    this.#put = database.prepare(
      `INSERT INTO revocation (site, kind, subject, revoked_at, until) VALUES (@site, @kind, @subject, @revoked_at, @until)
       ON CONFLICT (site, kind, subject) DO UPDATE SET revoked_at = excluded.revoked_at, until = excluded.until`,
    );
    this.#delete = database.prepare('DELETE FROM revocation WHERE site = ? AND kind = ? AND subject = ?');
    this.#deleteEnded = database.prepare('DELETE FROM revocation WHERE until <= ? LIMIT ?');
  }

  /** Those of all sites that have not ended. */
  all(): readonly (Revocation & { readonly site: string })[] {
    return this.#standing.all(this.#now()).map(({ revoked_at: revokedAt, ...rest }) => ({ ...rest, revokedAt }));
  }

  put(site: string, { kind, subject, revokedAt, until }: Revocation): void {
    this.#deleteEnded.run(this.#now(), ENDED_AT_ONCE);
    this.#put.run({ site, kind, subject, revoked_at: revokedAt, until });
  }

  /** @returns whether it was there */
  delete(site: string, kind: Revocation['kind'], subject: string): boolean {
    return this.#delete.run(site, kind, subject).changes > 0;
  }
}
