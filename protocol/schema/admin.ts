/**
 * The operator's API, over HTTP under ADMIN_PATH: what is asked and what is answered. Every request
 * carries `Authorization: Bearer` with the server's ADMIN_TOKEN. Refusals are `{ "error": … }` as
 * everywhere. Who is revoked stands in the query, not in the path: a person's id may hold a slash
 * or be two dots, of which clients and proxies make something else in a path, encoded or not.
 *
 * | request | body | answer |
 * |---|---|---|
 * | `GET /status` | | StatusAnswer |
 * | `GET /sites` | | SitesAnswer |
 * | `POST /sites` | NewSite | SiteReport; `site_exists` where there is one of that id |
 * | `GET /sites/:site` | | SiteReport |
 * | `PATCH /sites/:site` | SitePatch | SiteReport; what is not named stays |
 * | `DELETE /sites/:site` | | 204, when everything of the site is gone |
 * | `GET /sites/:site/usage?days=N` | | UsageAnswer, of the last N days (30) |
 * | `GET /sites/:site/keys` | | KeysAnswer, revoked ones too |
 * | `POST /sites/:site/keys` | NewKey | NewKeyAnswer: the only time that a secret is told |
 * | `PATCH /sites/:site/keys/:kid` | KeyPatch | KeyReport |
 * | `DELETE /sites/:site/keys/:kid` | | 204: revoked, and who came with it is out |
 * | `POST /sites/:site/tokens` | TrialToken | TrialTokenAnswer |
 * | `GET /sites/:site/revocations?kind=KIND` | | RevocationsAnswer: whom and what it does not admit
 * just now; without `kind` both kinds |
 * | `POST /sites/:site/revocations` | NewRevocation | RevocationReport: who is connected so is out
 * |
 * | `DELETE /sites/:site/revocations?kind=KIND&subject=SUBJECT` | | 204: taken back |
 * | `GET /backup` | | the database as one SQLite file, consistent, while the server runs |
 */
import { type Static, Type } from '@sinclair/typebox';

import { KEY_ID, PERSON_ID, ROOM_PATTERN, SITE_ID } from '../names.js';
import { LIMITS } from '../limits.js';
import { RoomGrantsSchema } from './claims.js';
import { exactly } from './fields.js';

export const ADMIN_PATH = '/admin/v1';

const SiteName = Type.String({ minLength: 1, maxLength: 100 });
/** Origins that a site lists at most. */
export const MOST_ORIGINS = 200;
/** As browsers send them; the server says which one is none. */
const Origins = Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: MOST_ORIGINS });
const Count = Type.Integer({ minimum: 0, maximum: 1_000_000 });
const Rate = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
/** Milliseconds since 1970. */
const Moment = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const SiteLimitsPatch = exactly({
  connections: Type.Optional(Count),
  peersPerRoom: Type.Optional(Count),
  commandsPerSecond: Type.Optional(Count),
  bytesPerSecond: Type.Optional(Rate),
  pointsPerSecond: Type.Optional(Rate),
});

/**
 * Days after which messages, the log and erased shapes are forgotten; null keeps them. What is to
 * be seen on a board stays until somebody erases it.
 */
const RetentionDays = Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()], {
  description: 'a whole number of days from 1 to 36500, or null',
});

const settings = {
  name: Type.Optional(SiteName),
  origins: Type.Optional(Origins),
  guests: Type.Optional(RoomGrantsSchema),
  limits: Type.Optional(SiteLimitsPatch),
  retentionDays: Type.Optional(RetentionDays),
  /** Whether it is kept when each point of a stroke was drawn. */
  strokeTimes: Type.Optional(Type.Boolean()),
};

/** A name that is left out is the id; other settings have the server's defaults. */
export const NewSiteSchema = exactly({ id: Type.String({ pattern: SITE_ID.source }), ...settings });
export type NewSite = Static<typeof NewSiteSchema>;

/**
 * `origins` and `guests` replace what is listed; the others change it as it is when the request is
 * carried out, so that two that come at once lose nothing of each other. What is removed must be
 * listed.
 */
export const SitePatchSchema = exactly({
  ...settings,
  addOrigins: Type.Optional(Origins),
  removeOrigins: Type.Optional(Origins),
  setGuests: Type.Optional(RoomGrantsSchema),
  removeGuests: Type.Optional(Type.Array(Type.String({ pattern: ROOM_PATTERN.source }), { maxItems: 1_000 })),
});
export type SitePatch = Static<typeof SitePatchSchema>;

export const SiteReportSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  origins: Type.Array(Type.String()),
  guests: RoomGrantsSchema,
  limits: Type.Object({
    connections: Type.Integer(),
    peersPerRoom: Type.Integer(),
    commandsPerSecond: Type.Integer(),
    bytesPerSecond: Type.Integer(),
    pointsPerSecond: Type.Integer(),
  }),
  retentionDays: RetentionDays,
  strokeTimes: Type.Boolean(),
  /** Connections just now. */
  connections: Type.Integer(),
});
export type SiteReport = Static<typeof SiteReportSchema>;

export const SitesAnswerSchema = Type.Object({ sites: Type.Array(SiteReportSchema) });

const Algorithm = Type.Union([
  Type.Literal('HS256'),
  Type.Literal('ES256'),
  Type.Literal('EdDSA'),
  Type.Literal('RS256'),
]);

/** HS256 (default): the server makes the secret. The others: the site's public key, SPKI in PEM. */
export const NewKeySchema = exactly({
  /** Default: a random one. */
  kid: Type.Optional(Type.String({ pattern: KEY_ID.source })),
  algorithm: Type.Optional(Algorithm),
  publicKey: Type.Optional(Type.String({ maxLength: 10_000 })),
  forServers: Type.Optional(Type.Boolean()),
});
export type NewKey = Static<typeof NewKeySchema>;

export const KeyPatchSchema = exactly({ forServers: Type.Boolean() });

export const KeyReportSchema = Type.Object({
  kid: Type.String(),
  algorithm: Algorithm,
  /** Good for connections without an Origin: bots, the site's own server. */
  forServers: Type.Boolean(),
  /** Milliseconds since 1970. */
  createdAt: Type.Integer(),
  revokedAt: Type.Union([Type.Integer(), Type.Null()]),
});
export type KeyReport = Static<typeof KeyReportSchema>;

export const KeysAnswerSchema = Type.Object({ keys: Type.Array(KeyReportSchema) });

/** The secret is text: its UTF-8 bytes, as they stand, are the HMAC key. */
export const NewKeyAnswerSchema = Type.Object({
  ...KeyReportSchema.properties,
  secret: Type.Optional(Type.String()),
});
export type NewKeyAnswer = Static<typeof NewKeyAnswerSchema>;

/** A person's token to try things out with, signed with one of the site's HS256 keys. */
export const TrialTokenSchema = exactly({
  sub: Type.String({ pattern: PERSON_ID.source }),
  name: Type.String({ minLength: 1, maxLength: LIMITS.personName }),
  rooms: RoomGrantsSchema,
  /** Seconds; default an hour. */
  lifetime: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.tokenLifetime })),
  /** Default: the newest HS256 key. */
  kid: Type.Optional(Type.String({ pattern: KEY_ID.source })),
});
export type TrialToken = Static<typeof TrialTokenSchema>;

export const TrialTokenAnswerSchema = Type.Object({
  token: Type.String(),
  kid: Type.String(),
  /** By which it can be revoked. */
  jti: Type.String(),
  /** Milliseconds since 1970. */
  expires: Type.Integer(),
});
export type TrialTokenAnswer = Static<typeof TrialTokenAnswerSchema>;

const RevocationKind = Type.Union([Type.Literal('person'), Type.Literal('token')], {
  description: '`person` or `token`',
});

/** A person by their id, or one token by its `jti`. */
export const NewRevocationSchema = exactly({
  kind: RevocationKind,
  subject: Type.String({ minLength: 1, maxLength: 128 }),
  /**
   * When it ends by itself. Default: a person's never, a token's when no token can be so old any
   * more.
   */
  until: Type.Optional(Type.Union([Moment, Type.Null()])),
});
export type NewRevocation = Static<typeof NewRevocationSchema>;

export const RevocationReportSchema = Type.Object({
  kind: RevocationKind,
  subject: Type.String(),
  /** Milliseconds since 1970. */
  revokedAt: Type.Integer(),
  until: Type.Union([Type.Integer(), Type.Null()]),
});
export type RevocationReport = Static<typeof RevocationReportSchema>;

/** Newest first. */
export const RevocationsAnswerSchema = Type.Object({ revocations: Type.Array(RevocationReportSchema) });
export type RevocationsAnswer = Static<typeof RevocationsAnswerSchema>;

/** Whose revocations are meant, in a query. */
export const RevocationsQuerySchema = exactly({ kind: Type.Optional(RevocationKind) });
export const RevocationQuerySchema = exactly({
  kind: RevocationKind,
  subject: Type.String({ minLength: 1, maxLength: 128 }),
});

const UsageCounts = {
  events: Type.Integer(),
  messages: Type.Integer(),
  shapes: Type.Integer(),
  /** Of what was sent to be kept, in characters of JSON. */
  bytes: Type.Integer(),
};

export const UsageAnswerSchema = Type.Object({
  site: Type.String(),
  /** Just now. */
  connections: Type.Integer(),
  /** That hold something. */
  rooms: Type.Integer(),
  /** By day (UTC, `2026-11-21`), newest first; days without anything are left out. */
  days: Type.Array(Type.Object({ day: Type.String(), ...UsageCounts })),
  /** Of those days together. */
  total: Type.Object(UsageCounts),
});
export type UsageAnswer = Static<typeof UsageAnswerSchema>;

export const StatusAnswerSchema = Type.Object({
  version: Type.String(),
  /** Where pages reach the server. */
  publicUrl: Type.String(),
  /** Milliseconds since the start. */
  uptime: Type.Integer(),
  ready: Type.Boolean(),
  sites: Type.Integer(),
  connections: Type.Integer(),
});
export type StatusAnswer = Static<typeof StatusAnswerSchema>;
