import type { IncomingMessage } from 'node:http';

import type { Context } from 'koa';

import { RefusedError } from '../../protocol/errors.js';

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(context: Pick<Context, 'get'>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(context.get('Authorization'))?.[1];
}

/**
 * Reads a request's body as JSON.
 *
 * @throws RefusedError `too_large` over `limit` bytes, as soon as that is known; `invalid_input`
 *   for anything but JSON
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new RefusedError('invalid_input', { message: 'Send JSON, with `Content-Type: application/json`.' });
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new RefusedError('too_large');
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > limit) throw new RefusedError('too_large');
    chunks.push(bytes);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw new RefusedError('invalid_input', { cause });
  }
}
