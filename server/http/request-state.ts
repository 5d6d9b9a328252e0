import type { Context } from 'koa';

import { ADMIN_PATH } from '../../protocol/schema/admin.js';

/** The state of every request. */
export interface RequestState {
  /** The request's id, in the answer and in every log line about it. */
  readonly request: string;
  /** The client's address, as far as the proxies in front can be trusted. */
  readonly address: string;
  /** The route, where no router sets one. */
  route?: string;
  /** Set on a request to the operator's API once its token is verified. */
  isOperator?: true;
}

/** Whether it is a request to the operator's API. */
export function isAdmin({ path }: Pick<Context, 'path'>): boolean {
  return path.startsWith(`${ADMIN_PATH}/`);
}

/** The route's pattern, never the path: there is no end of paths. */
export function routeOf(context: Context, state: RequestState): string {
  const matched: unknown = Reflect.get(context, '_matchedRoute');
  return typeof matched === 'string' ? matched : (state.route ?? 'none');
}
