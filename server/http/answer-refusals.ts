import type { Context, Middleware, Next } from 'koa';

import { RefusedError } from '../../protocol/errors.js';
import { explain } from '../../protocol/explanations.js';
import { StorageError } from '../domain/storage.js';
import type { Logger } from '../log.js';
import { refusalStatus } from './refusal-status.js';

/** Answers a refusal as `{ "error": … }`; whatever else is thrown is a fault: logged, and answered `internal`. */
export function answerRefusals(log: Logger): Middleware {
  return async (context: Context, next: Next) => {
    try {
      await next();
      if (context.status === 404 && context.body === undefined) throw new RefusedError('not_found');
    } catch (fault) {
      const refused = asRefusal(fault, log);
      context.status = refusalStatus(refused.code);
      context.set('Cache-Control', 'no-store');
      if (refused.retryAfter !== undefined) context.set('Retry-After', String(Math.ceil(refused.retryAfter / 1_000)));
      if (context.status === 401) context.set('WWW-Authenticate', 'Bearer');
      context.body = { error: explain(refused.toRefusal()) };
    }
  };
}

function asRefusal(fault: unknown, log: Logger): RefusedError {
  if (fault instanceof RefusedError) return fault;
  log.error({ err: fault }, 'a request failed');
  return new RefusedError(fault instanceof StorageError ? 'unavailable' : 'internal', { cause: fault });
}
