import type { RoomGrants } from '../../protocol/schema/claims.js';

/** An embedding customer. */
export interface Site {
  readonly id: string;
  /** The name that people see. */
  readonly name: string;
  /**
   * Origins whose pages may embed it, exactly as browsers send them: `https://example.com`, with
   * the port if not the default.
   */
  readonly origins: readonly string[];
  /**
   * Rooms, or patterns of rooms, that admit guests, and the role of each; empty where none does.
   */
  readonly guests: RoomGrants;
  readonly limits: SiteLimits;
  /**
   * Days after which messages, the log and erased shapes are forgotten; null keeps them. Visible
   * shapes stay until somebody erases them, so that everyone sees the same board.
   */
  readonly retentionDays: number | null;
  /** Whether it is kept when each point of a stroke was drawn. */
  readonly strokeTimes: boolean;
}

export interface SiteLimits {
  /** Connections to the whole site. */
  readonly connections: number;
  /** Peers in one room. */
  readonly peersPerRoom: number;
  /** Commands a second over the whole site. */
  readonly commandsPerSecond: number;
  /** Bytes of commands and live steps a second over the whole site. */
  readonly bytesPerSecond: number;
  /** Points of ink, kept or live, a second over the whole site. */
  readonly pointsPerSecond: number;
}

export const DEFAULT_SITE_LIMITS: SiteLimits = {
  connections: 10_000,
  peersPerRoom: 1_000,
  commandsPerSecond: 2_000,
  bytesPerSecond: 4_000_000,
  pointsPerSecond: 400_000,
};

/**
 * A person (by id) or a token (by `jti`) that the site no longer admits, even with a valid
 * signature.
 */
export interface Revocation {
  readonly kind: 'person' | 'token';
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly revokedAt: number;
  /**
   * When it ends, in milliseconds since 1970; null: never. A token's may end when the longest-lived
   * token has expired.
   */
  readonly until: number | null;
}

/** The one algorithm of a key. HS256 keys hold a secret; the others a public key. */
export const KEY_ALGORITHMS = ['HS256', 'ES256', 'EdDSA', 'RS256'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

/**
 * A key that a site's own server signs tokens with. Several are valid at once, so that they can be
 * rotated.
 */
export interface SiteKey {
  readonly site: string;
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  /**
   * For HS256 the secret's bytes, at least 32; for the others the public key, SPKI in PEM, as
   * UTF-8. Unencrypted in memory only.
   */
  readonly material: Uint8Array;
  /** Whether its tokens are valid on connections without an Origin: bots, a site's own server. */
  readonly forServers: boolean;
}

/** A key as the operator sees it: without its secret or public key. */
export interface KeyRecord extends Omit<SiteKey, 'site' | 'material'> {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** How much a site stored. */
export interface UsageCounts {
  readonly events: number;
  readonly messages: number;
  readonly shapes: number;
  /** Characters of JSON. */
  readonly bytes: number;
}

export interface SiteUsage {
  /** Rooms that hold something. */
  readonly rooms: number;
  /** By day (UTC, `2026-11-21`), newest first; days without anything are left out. */
  readonly days: readonly (UsageCounts & { readonly day: string })[];
}

/** A site as it is before anybody sets anything of it. */
export function newSite(id: string): Site {
  return {
    id,
    name: id,
    origins: [],
    guests: {},
    limits: DEFAULT_SITE_LIMITS,
    retentionDays: null,
    strokeTimes: true,
  };
}
