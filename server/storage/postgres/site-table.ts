import { randomBytes } from 'node:crypto';

import type { KeyRecord, Revocation, Site, SiteKey } from '../../domain/site.js';
import { type SiteStorage, StorageError } from '../../domain/storage.js';
import { bit, toJson } from '../rows.js';
import type { Sealing } from '../sealing.js';
import {
  type KeyRecordRow,
  keyRecordOf,
  type KeyRow,
  openedKey,
  sealedMaterial,
  siteOf,
  type SiteRow,
} from '../site-rows.js';
import type { Connections } from './connections.js';
import { statement } from './statement.js';
import { READ_AT_ONE_MOMENT, type Transaction } from './transaction.js';

/** Chance that goes with a site; see SiteStorage.putSite. */
export const newNonce = (): Uint8Array => randomBytes(16);
/** How many revocations that have ended are deleted at most when another one comes. */
const ENDED_AT_ONCE = 1_000;

interface RevocationRow extends Pick<Revocation, 'kind' | 'subject' | 'until'> {
  readonly site: string;
  readonly revoked_at: number;
}

const sites = statement<[], SiteRow>(
  `SELECT id, name, origins, guests, limits, retention_days, stroke_times, upper(encode(nonce, 'hex')) AS nonce FROM site ORDER BY id`,
);

const keys = statement<[], KeyRow>(
  'SELECT site, kid, algorithm, material, for_servers FROM site_key WHERE revoked_at IS NULL ORDER BY site, kid',
);

const standing = statement<[now: number], RevocationRow>(
  'SELECT site, kind, subject, revoked_at, until FROM revocation WHERE until IS NULL OR until > $1',
);

const put = statement<
  [
    id: string,
    name: string,
    origins: string,
    guests: string,
    limits: string,
    retentionDays: number | null,
    strokeTimes: number,
    nonce: Uint8Array,
  ],
  Pick<SiteRow, 'nonce'>
>(
  `INSERT INTO site (id, name, origins, guests, limits, retention_days, stroke_times, nonce)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
   ON CONFLICT (id) DO UPDATE SET name = excluded.name, origins = excluded.origins, guests = excluded.guests,
     limits = excluded.limits, retention_days = excluded.retention_days, stroke_times = excluded.stroke_times
   RETURNING upper(encode(nonce, 'hex')) AS nonce`,
);

/** No two keys of a site are of the same millisecond, so that it tells which came first. */
const addKey = statement<
  [site: string, kid: string, algorithm: string, material: Uint8Array, forServers: number, at: number]
>(
  `INSERT INTO site_key (site, kid, algorithm, material, for_servers, created_at)
   SELECT $1, $2, $3, $4, $5, greatest($6::bigint, max(created_at) + 1) FROM site_key WHERE site = $1
   ON CONFLICT (site, kid) DO NOTHING`,
);

const markKey = statement<[site: string, kid: string, forServers: number]>(
  'UPDATE site_key SET for_servers = $3 WHERE site = $1 AND kid = $2 AND revoked_at IS NULL',
);

const revokeKey = statement<[site: string, kid: string, at: number, fingerprint: string | null]>(
  `UPDATE site_key SET revoked_at = $3, fingerprint = $4, material = NULL
   WHERE site = $1 AND kid = $2 AND revoked_at IS NULL`,
);

const revokedBefore = statement<[site: string, fingerprint: string], { readonly kid: string }>(
  'SELECT kid FROM site_key WHERE site = $1 AND fingerprint = $2 LIMIT 1',
);

const hasKey = statement<[site: string, kid: string], object>('SELECT FROM site_key WHERE site = $1 AND kid = $2');

const keyRecords = statement<[site: string], KeyRecordRow>(
  'SELECT kid, algorithm, for_servers, created_at, revoked_at FROM site_key WHERE site = $1 ORDER BY created_at, kid',
);

const revoke = statement<[site: string, kind: string, subject: string, revokedAt: number, until: number | null]>(
  `INSERT INTO revocation (site, kind, subject, revoked_at, until) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (site, kind, subject) DO UPDATE SET revoked_at = excluded.revoked_at, until = excluded.until`,
);

const allow = statement<[site: string, kind: string, subject: string]>(
  'DELETE FROM revocation WHERE site = $1 AND kind = $2 AND subject = $3',
);

const deleteEnded = statement<[now: number, limit: number]>(
  'DELETE FROM revocation WHERE ctid = ANY (ARRAY (SELECT ctid FROM revocation WHERE until <= $1 LIMIT $2))',
);

/**
 * Comes first in every transaction that changes a site, a key or a revocation: such changes are
 * made one after the other. By how much the number rises is chance: should a standby step in that
 * was not sent the last change, the next one has another number than that, which servers know.
 */
export const countChange = statement<[]>(
  'UPDATE site_change SET number = number + 1 + floor(random() * 1000000)::bigint',
);

const changes = statement<[], { readonly number: number }>('SELECT number FROM site_change');

/**
 * The sites, their keys, and whom they no longer admit. Each change is counted; see SharedStorage.
 */
export class SiteTable implements Omit<SiteStorage, 'usage' | 'removeSite' | 'forget'> {
  readonly #connections: Connections;
  readonly #sealing: Sealing;
  readonly #now: () => number;

  /** @param now server time in milliseconds since 1970 */
  constructor(connections: Connections, sealing: Sealing, now: () => number) {
    this.#connections = connections;
    this.#sealing = sealing;
    this.#now = now;
  }

  async changes(): Promise<string> {
    const [row] = await this.#connections.run(changes);
    return String(row?.number);
  }

  async sites(): ReturnType<SiteStorage['sites']> {
    const read = this.#connections.transaction(
      transaction =>
        Promise.all([transaction.run(sites), transaction.run(keys), transaction.run(standing, this.#now())]),
      READ_AT_ONE_MOMENT,
    );
    const [siteRows, keyRows, revocationRows] = await read;
    return {
      sites: siteRows.map(siteOf),
      nonces: new Map(siteRows.map(({ id, nonce }) => [id, nonce])),
      keys: keyRows.map(row => openedKey(row, this.#sealing)),
      revocations: revocationRows.map(({ revoked_at: revokedAt, ...rest }) => ({ ...rest, revokedAt })),
    };
  }

  putSite({ id, name, origins, guests, limits, retentionDays, strokeTimes }: Site): Promise<string> {
    return this.#change(async transaction => {
      const json = [toJson(origins), toJson(guests), toJson(limits)] as const;
      const [row] = await transaction.run(put, id, name, ...json, retentionDays, bit(strokeTimes), newNonce());
      if (!row) throw new StorageError(`The site ${id} was not kept.`);
      return row.nonce;
    });
  }

  addKey(key: SiteKey): Promise<void> {
    const { site, kid, algorithm, forServers } = key;
    const material = sealedMaterial(key, this.#sealing);
    return this.#change(async transaction => {
      const values = [site, kid, algorithm, material, bit(forServers), this.#now()] as const;
      if ((await transaction.change(addKey, ...values)) > 0) return;
      throw new StorageError(`The site ${site} has, or had, a key ${kid}.`);
    });
  }

  markKey(site: string, kid: string, forServers: boolean): Promise<void> {
    return this.#change(async transaction => {
      if ((await transaction.change(markKey, site, kid, bit(forServers))) > 0) return;
      throw new StorageError(`The site ${site} has no key ${kid} that is not revoked.`);
    });
  }

  /** Leaves a tombstone without the material. Harmless where the key is revoked already. */
  revokeKey(site: string, kid: string, fingerprint?: string): Promise<void> {
    return this.#change(async transaction => {
      const revoked = await transaction.change(revokeKey, site, kid, this.#now(), fingerprint ?? null);
      if (revoked > 0 || (await transaction.run(hasKey, site, kid)).length > 0) return;
      throw new StorageError(`The site ${site} has no key ${kid}.`);
    });
  }

  async revokedBefore(site: string, fingerprint: string): Promise<string | undefined> {
    const [row] = await this.#connections.run(revokedBefore, site, fingerprint);
    return row?.kid;
  }

  async keyRecords(site: string): Promise<readonly KeyRecord[]> {
    return (await this.#connections.run(keyRecords, site)).map(keyRecordOf);
  }

  revoke(site: string, { kind, subject, revokedAt, until }: Revocation): Promise<void> {
    return this.#change(async transaction => {
      await Promise.all([
        transaction.change(deleteEnded, this.#now(), ENDED_AT_ONCE),
        transaction.change(revoke, site, kind, subject, revokedAt, until),
      ]);
    });
  }

  allow(site: string, kind: Revocation['kind'], subject: string): Promise<boolean> {
    return this.#change(async transaction => (await transaction.change(allow, site, kind, subject)) > 0);
  }

  #change<Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value> {
    return this.#connections.transaction(transaction => {
      void transaction.change(countChange);
      return work(transaction);
    });
  }
}
