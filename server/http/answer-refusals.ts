import type { Middleware } from 'koa';

import { RefusedError } from '../../protocol/errors.js';
import { explain } from '../../protocol/explanations.js';
import { StorageClosedError, StorageError } from '../domain/storage.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics/metrics.js';
import { refusalStatus } from './refusal-status.js';
import { isAdmin, type RequestState } from './request-state.js';

/**
 * Answers a refusal as `{ "error": … }`; whatever else is thrown is a fault: logged, and answered `internal`. Who went away while still
 * sending gets no answer, and is no fault of ours.
 */
export function answerRefusals(log: Logger, metrics: Metrics): Middleware<RequestState> {
  return async (context, next) => {
    try {
      await next();
      if (context.status === 404 && context.body === undefined) throw new RefusedError('not_found');
    } catch (fault) {
      const { request } = context.state;
      // The very error with which the request ended, rather than any that happened meanwhile.
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
