import type { Middleware } from 'koa';

import { type RefusalCode, RefusedError } from '../../protocol/errors.js';
import { explain } from '../../protocol/explanations.js';
import { StorageClosedError, StorageError } from '../domain/storage.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics/metrics.js';
import { isAdmin, type RequestState } from './request-state.js';

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

/** The HTTP status closest to a refusal. */
function refusalStatus(code: RefusalCode): number {
  return STATUSES[code] ?? 400;
}

/**
 * Answers a refusal as `{ "error": … }`. Any other error is a fault: logged, and answered
 * `internal`. A client that disconnected while sending gets no answer, and is not logged as a
 * fault.
 */
export function answerRefusals(log: Logger, metrics: Metrics): Middleware<RequestState> {
  return async (context, next) => {
    try {
      await next();
      if (context.status === 404 && context.body === undefined) throw new RefusedError('not_found');
    } catch (fault) {
      const { request } = context.state;
      // The same error that ended the request, not any other one from that time.
      if (fault === context.req.errored) {
        log.debug({ request, err: fault }, 'a request was broken off');
        return;
      }
      if (fault instanceof StorageClosedError) log.info({ request }, 'a request was cut off: the server closes');
      else if (!(fault instanceof RefusedError)) log.error({ request, err: fault }, 'a request failed');
      const refused = asRefusal(fault);
      metrics.refused(refused.code, isAdmin(context) ? 'admin' : 'http');
      context.status = refusalStatus(refused.code);
      context.set('Cache-Control', 'no-store');
      if (refused.retryAfter !== undefined) context.set('Retry-After', String(Math.ceil(refused.retryAfter / 1_000)));
      if (context.status === 401) context.set('WWW-Authenticate', 'Bearer');
      context.body = { error: explain(refused.toRefusal()) };
    }
  };
}

function asRefusal(fault: unknown): RefusedError {
  if (fault instanceof RefusedError) return fault;
  return new RefusedError(fault instanceof StorageError ? 'unavailable' : 'internal', { cause: fault });
}
