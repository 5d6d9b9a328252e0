import type { Context } from 'koa';

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(context: Pick<Context, 'get'>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(context.get('Authorization'))?.[1];
}
