import type { RoomGrants } from '../../protocol/schema/claims.js';

/** An embedding customer. */
export interface Site {
  readonly id: string;
  /** What people read. */
  readonly name: string;
  /**
   * Origins whose pages may embed it, exactly as browsers send them: `https://example.com`, with
   * the port if not the default.
   */
  readonly origins: readonly string[];
  /** Rooms or patterns where guests are admitted, and in which role; empty where they are not. */
  readonly guests: RoomGrants;
  readonly limits: SiteLimits;
  /**
   * Days after which messages, the log and erased shapes are forgotten; null keeps them. What is to
   * be seen on a board stays until somebody erases it, so everyone goes on seeing the same.
   */
  readonly retentionDays: number | null;
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
 * What a site no longer admits, though it is signed by a good key: a person by their id, or one
 * token by its `jti`.
 */
export interface Revocation {
  readonly kind: 'person' | 'token';
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly revokedAt: number;
  /**
   * When it ends by itself, in milliseconds since 1970; null: never. A token's need not outlive the
   * longest token.
   */
  readonly until: number | null;
}

/** The one algorithm of a key. HS256 keys have a secret; the others a public key. */
export const KEY_ALGORITHMS = ['HS256', 'ES256', 'EdDSA', 'RS256'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

/**
 * A key with which a site's own server signs tokens. Several are valid at once, so that they can be
 * rotated.
 */
export interface SiteKey {
  readonly site: string;
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  /**
   * HS256: the secret's bytes, 32 at least. Others: the public key, SPKI in PEM, as UTF-8. In the
   * clear only in memory.
   */
  readonly material: Uint8Array;
  /** Its tokens are good for connections without an Origin: bots, a site's own server. */
  readonly forServers: boolean;
}

/** A key as the operator sees it: without what it signs or verifies with. */
export interface KeyRecord extends Omit<SiteKey, 'site' | 'material'> {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** What a site had kept. */
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
