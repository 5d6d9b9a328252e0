/**
 * How the rows of sites and keys turn into the domain's values and back. Secrets are sealed here,
 * and nowhere else in the clear but in memory.
 */
import { DEFAULT_SITE_LIMITS, type KeyAlgorithm, type KeyRecord, type Site, type SiteKey } from '../domain/site.js';
import { type Bit, fromJson, type Json } from './rows.js';
import type { Sealing } from './sealing.js';

export interface SiteRow {
  readonly id: string;
  readonly name: string;
  readonly origins: Json<Site['origins']>;
  readonly guests: Json<Site['guests']>;
  readonly limits: Json<Site['limits']>;
  readonly retention_days: number | null;
  readonly stroke_times: Bit;
  /** In hexadecimal. */
  readonly nonce: string;
}

export interface KeyRow {
  readonly site: string;
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly material: Uint8Array;
  readonly for_servers: Bit;
}

export interface KeyRecordRow extends Pick<KeyRow, 'kid' | 'algorithm' | 'for_servers'> {
  readonly created_at: number;
  readonly revoked_at: number | null;
}

export function siteOf({ id, name, origins, guests, limits, ...rest }: SiteRow): Site {
  return {
    id,
    name,
    origins: fromJson(origins),
    guests: fromJson(guests),
    // Kept before there were as many limits.
    limits: { ...DEFAULT_SITE_LIMITS, ...fromJson(limits) },
    retentionDays: rest.retention_days,
    strokeTimes: rest.stroke_times === 1,
  };
}

/** A key with its secret in the clear. */
export function openedKey({ site, kid, algorithm, material, for_servers }: KeyRow, sealing: Sealing): SiteKey {
  const key = { site, kid, algorithm, material: new Uint8Array(material), forServers: for_servers === 1 };
  return isSecret(key) ? { ...key, material: sealing.open(key.material, labelOf(key)) } : key;
}

/** What is kept of a key's material: a secret is sealed. */
export function sealedMaterial(key: SiteKey, sealing: Sealing): Uint8Array {
  return isSecret(key) ? sealing.seal(key.material, labelOf(key)) : key.material;
}

export function keyRecordOf(row: KeyRecordRow): KeyRecord {
  const { kid, algorithm, for_servers: forServers, created_at: createdAt, revoked_at: revokedAt } = row;
  return { kid, algorithm, forServers: forServers === 1, createdAt, revokedAt };
}

function isSecret({ algorithm }: Pick<SiteKey, 'algorithm'>): boolean {
  return algorithm === 'HS256';
}

/** Where a sealed secret lies. */
function labelOf({ site, kid, algorithm }: Pick<SiteKey, 'site' | 'kid' | 'algorithm'>): string {
  return `site_key ${site}/${kid} ${algorithm}`;
}
