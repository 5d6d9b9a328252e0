import type { Database, Statement } from 'better-sqlite3';

import type { KeyRecord, Revocation, Site, SiteKey } from '../../domain/site.js';
import { type SiteStorage, StorageError } from '../../domain/storage.js';
import { type Bit, bit, toJson } from '../rows.js';
import type { Sealing } from '../sealing.js';
import {
  keyRecordOf,
  type KeyRecordRow,
  type KeyRow,
  openedKey,
  sealedMaterial,
  siteOf,
  type SiteRow,
} from '../site-rows.js';

/** The sites and their keys. */
export class SiteTable {
  readonly #sealing: Sealing;
  readonly #now: () => number;
  readonly #sites: Statement<[], SiteRow>;
  readonly #keys: Statement<[], KeyRow>;
  readonly #put: Statement<[Omit<SiteRow, 'nonce'>], string>;
  readonly #addKey: Statement<[KeyRow & { readonly at: number }]>;
  readonly #markKey: Statement<[forServers: Bit, site: string, kid: string]>;
  readonly #revoke: Statement<[at: number, fingerprint: string | null, site: string, kid: string]>;
  readonly #revokedBefore: Statement<[site: string, fingerprint: string], string>;
  readonly #hasKey: Statement<[site: string, kid: string], 1>;
  readonly #keyRecords: Statement<[site: string], KeyRecordRow>;

  constructor(database: Database, sealing: Sealing, now: () => number) {
    this.#sealing = sealing;
    this.#now = now;
    this.#sites = database.prepare(
      'SELECT id, name, origins, guests, limits, retention_days, stroke_times, hex(nonce) AS nonce FROM site ORDER BY id',
    );
    this.#keys = database.prepare(
      'SELECT site, kid, algorithm, material, for_servers FROM site_key WHERE revoked_at IS NULL ORDER BY site, kid',
    );
    this.#put = database
      .prepare<[Omit<SiteRow, 'nonce'>], string>(
        `INSERT INTO site (id, name, origins, guests, limits, retention_days, stroke_times, nonce)
       VALUES (@id, @name, @origins, @guests, @limits, @retention_days, @stroke_times, randomblob(16))
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, origins = excluded.origins, guests = excluded.guests,
         limits = excluded.limits, retention_days = excluded.retention_days, stroke_times = excluded.stroke_times
       RETURNING hex(nonce)`,
      )
      .pluck();
    this.#addKey = database.prepare(
      // No two keys of a site are of the same millisecond, so that it tells which came first.
      `INSERT INTO site_key (site, kid, algorithm, material, for_servers, created_at)
       SELECT @site, @kid, @algorithm, @material, @for_servers, max(@at, coalesce(max(created_at) + 1, 0))
       FROM site_key WHERE site = @site`,
    );
    this.#markKey = database.prepare(
      'UPDATE site_key SET for_servers = ? WHERE site = ? AND kid = ? AND revoked_at IS NULL',
    );
    this.#revoke = database.prepare(
      `UPDATE site_key SET revoked_at = ?, fingerprint = ?, material = NULL
       WHERE site = ? AND kid = ? AND revoked_at IS NULL`,
    );
    this.#revokedBefore = database
      .prepare<[string, string], string>('SELECT kid FROM site_key WHERE site = ? AND fingerprint = ? LIMIT 1')
      .pluck();
    this.#hasKey = database.prepare<[string, string], 1>('SELECT 1 FROM site_key WHERE site = ? AND kid = ?').pluck();
    this.#keyRecords = database.prepare(
      'SELECT kid, algorithm, for_servers, created_at, revoked_at FROM site_key WHERE site = ? ORDER BY created_at, kid',
    );
  }

  all(): Omit<Awaited<ReturnType<SiteStorage['sites']>>, 'revocations'> {
    const rows = this.#sites.all();
    const keys = this.#keys.all().map(row => openedKey(row, this.#sealing));
    return { sites: rows.map(siteOf), nonces: new Map(rows.map(({ id, nonce }) => [id, nonce])), keys };
  }

  /** @returns the site's nonce; see SiteStorage */
  put({ id, name, origins, guests, limits, retentionDays, strokeTimes }: Site): string {
    const nonce = this.#put.get({
      id,
      name,
      origins: toJson(origins),
      guests: toJson(guests),
      limits: toJson(limits),
      retention_days: retentionDays,
      stroke_times: bit(strokeTimes),
    });
    if (nonce === undefined) throw new StorageError(`The site ${id} was not kept.`);
    return nonce;
  }

  addKey(key: SiteKey): void {
    const { site, kid, algorithm, forServers } = key;
    const material = sealedMaterial(key, this.#sealing);
    if (this.#hasKey.get(site, kid)) throw new StorageError(`The site ${site} has, or had, a key ${kid}.`);
    this.#addKey.run({ site, kid, algorithm, material, for_servers: bit(forServers), at: this.#now() });
  }

  /** @throws StorageError where the site has no such key, or it is revoked. */
  markKey(site: string, kid: string, forServers: boolean): void {
    const { changes } = this.#markKey.run(bit(forServers), site, kid);
    if (changes === 0) throw new StorageError(`The site ${site} has no key ${kid} that is not revoked.`);
  }

  /** Leaves a tombstone without the material. Harmless where the key is revoked already. */
  revokeKey(site: string, kid: string, fingerprint?: string): void {
    const { changes } = this.#revoke.run(this.#now(), fingerprint ?? null, site, kid);
    if (changes === 0 && !this.#hasKey.get(site, kid)) throw new StorageError(`The site ${site} has no key ${kid}.`);
  }

  /** The id under which a public key of this fingerprint was revoked. */
  revokedBefore(site: string, fingerprint: string): string | undefined {
    return this.#revokedBefore.get(site, fingerprint);
  }

  /** Every key of a site, oldest first. */
  keyRecords(site: string): readonly KeyRecord[] {
    return this.#keyRecords.all(site).map(keyRecordOf);
  }
}

interface RevocationRow {
  readonly site: string;
  readonly kind: Revocation['kind'];
  readonly subject: string;
  readonly revoked_at: number;
  readonly until: number | null;
}

/**
 * How many that have ended are deleted at most when another one comes: so few that turns hardly
 * wait for it.
 */
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
