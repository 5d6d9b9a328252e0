import type { Context } from 'koa';

/**
 * Sets the ETag, and answers 304 where the client has this version already. Koa's own `fresh` does
 * not do: when a page sends tags itself, the browser adds `Cache-Control: no-cache`, which `fresh`
 * takes for a reload.
 *
 * @param etag weak, since each encoding has other bytes: `W/"…"`
 * @returns whether the answer is complete
 */
export function isKnown(context: Context, etag: string): boolean {
  context.set('ETag', etag);
  const known = context.get('If-None-Match').split(',');
  if (!known.some(tag => tag.trim() === etag)) return false;
  context.status = 304;
  return true;
}
