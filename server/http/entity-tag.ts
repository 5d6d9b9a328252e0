import type { Context } from 'koa';

/**
 * Says which version of a resource this is, and ends the answer with 304 where the client has it
 * already. Koa's own `fresh` would not do: a page that compares tags itself has its browser add
 * `Cache-Control: no-cache`, which `fresh` takes for a reload.
 *
 * @param etag weak, since each encoding has other bytes: `W/"…"`
 * @returns whether there is nothing more to send
 */
export function isKnown(context: Context, etag: string): boolean {
  context.set('ETag', etag);
  const known = context.get('If-None-Match').split(',');
  if (!known.some(tag => tag.trim() === etag)) return false;
  context.status = 304;
  return true;
}
