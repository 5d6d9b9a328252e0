import type { RefusalCode } from '../../protocol/errors.js';

const STATUSES: Partial<Record<RefusalCode, number>> = {
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  token_not_yet_valid: 401,
  token_wrong_audience: 401,
  token_wrong_site: 401,
  token_claims: 401,
  token_revoked: 401,
  admin_token_invalid: 401,
  origin_not_allowed: 403,
  origin_missing: 403,
  person_revoked: 403,
  guests_not_allowed: 403,
  room_forbidden: 403,
  role_forbidden: 403,
  site_unknown: 404,
  not_found: 404,
  key_unknown: 404,
  site_exists: 409,
  key_exists: 409,
  too_large: 413,
  rate_limited: 429,
  person_bytes_limited: 429,
  person_points_limited: 429,
  connection_messages_limited: 429,
  connection_bytes_limited: 429,
  connection_points_limited: 429,
  site_messages_limited: 429,
  site_bytes_limited: 429,
  site_points_limited: 429,
  too_many_connections: 429,
  unavailable: 503,
  internal: 500,
};

/** The HTTP status that says the same as a refusal, roughly. */
export function refusalStatus(code: RefusalCode): number {
  return STATUSES[code] ?? 400;
}
