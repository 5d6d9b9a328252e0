import type { Context } from 'koa';

import { ADMIN_PATH } from '../../protocol/schema/admin.js';

/** What is known of every request from its beginning. */
export interface RequestState {
  /** Names the request in the answer and in every line of the log about it. */
  readonly request: string;
  /** Where it comes from, as far as the proxies in front are to be believed. */
  readonly address: string;
  /** Which part answered it, where that is not a route of a router. */
  route?: string;
  /** Set on what asks the operator's API, once it is known to be the operator. */
  isOperator?: true;
}

/** Whether it asks the operator's API. */
export function isAdmin({ path }: Pick<Context, 'path'>): boolean {
  return path.startsWith(`${ADMIN_PATH}/`);
}

/** The pattern that answered; never the path that was asked for, of which there is no end. */
export function routeOf(context: Context, state: RequestState): string {
  const matched: unknown = Reflect.get(context, '_matchedRoute');
  return typeof matched === 'string' ? matched : (state.route ?? 'none');
}
