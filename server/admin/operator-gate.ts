import { createHash, timingSafeEqual } from 'node:crypto';

import type { Middleware } from 'koa';

import { RefusedError } from '../../protocol/errors.js';
import { bearerToken } from '../http/read-request.js';
import { isAdmin, type RequestState } from '../http/request-state.js';

/**
 * Lets through who sends the server's ADMIN_TOKEN as a bearer token, and nobody else; nothing is
 * looked at before that, so the answer is the same whatever is asked for. Where the server has
 * none, nothing is here. Wrong ones are not counted: a token of 32 characters can't be guessed, and
 * an operator whom somebody else's guesses lock out is worse off.
 */
export function operatorGate(adminToken: string | undefined): Middleware {
  const expected = adminToken === undefined ? undefined : digest(adminToken);
  return async (context, next) => {
    if (!expected) throw new RefusedError('not_found');
    context.set('Cache-Control', 'no-store');
    // A browser says where a page is from with everything that could change something or that is of
    // another origin.
    if (context.get('Origin') !== '') {
      throw new RefusedError('origin_not_allowed', { message: "The operator's API is not for pages in a browser." });
    }
    // Hashes are of one length, which comparing in constant time needs.
    if (!timingSafeEqual(digest(bearerToken(context) ?? ''), expected)) throw new RefusedError('admin_token_invalid');
    await next();
  };
}

function digest(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}

/**
 * Notes whether what asks the operator's API is the operator, which the log goes by; anybody else
 * is refused here already, as they would be by the API itself.
 */
export function operatorMark(adminToken: string | undefined): Middleware<RequestState> {
  const gate = operatorGate(adminToken);
  return async (context, next) => {
    if (!isAdmin(context)) {
      await next();
      return;
    }
    await gate(context, () => Promise.resolve());
    context.state.isOperator = true;
    await next();
  };
}
