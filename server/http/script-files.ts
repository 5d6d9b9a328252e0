import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import type { Context, Middleware, Next } from 'koa';
import serve from 'koa-static';

import { isKnown } from './entity-tag.js';

/** A chunk named by a hash of what it holds can never be another one. */
const HASHED = /-[A-Za-z0-9_-]{8}\.js(\.map)?$/;
/** Where the script floats with the major version. */
const FLOATING = '/v1/';

/** Hidden files, and what is sent only in place of another. */
const NOT_SERVED = /^\.|\.(br|gz)$/;

const FOREVER = 'public, max-age=31536000, immutable';
const BRIEFLY = 'public, max-age=300, stale-while-revalidate=86400';

export interface ScriptFilesOptions {
  /** The folder of the built widget; its files may lie precompressed beside themselves as `.br` and `.gz`. */
  readonly folder: string;
  /** The version of this package, under which what is served never changes. */
  readonly version: string;
}

/**
 * Serves the widget's script: `/v1/chalk-talk.js` floats with the major version, `/v1/<version>/chalk-talk.js` never changes,
 * so that a page can pin it with `integrity`. Only names that were in the folder at the start are served. Readable by every
 * origin, since it is the same for all.
 */
export async function scriptFiles({ folder, version }: ScriptFilesOptions): Promise<Middleware> {
  const tags = await entityTags(folder);
  const files = serve(folder, { index: false });
  const pinned = `${FLOATING}${version}/`;
  return async (context: Context, next: Next) => {
    const { path } = context;
    const isPinned = path.startsWith(pinned);
    const name = path.slice(isPinned ? pinned.length : FLOATING.length);
    const isRead = context.method === 'GET' || context.method === 'HEAD';
    const tag = isRead && path.startsWith(FLOATING) ? tags.get(name) : undefined;
    if (tag === undefined) {
      await next();
      return;
    }
    context.set('Access-Control-Allow-Origin', '*');
    context.set('Cross-Origin-Resource-Policy', 'cross-origin');
    context.set('Timing-Allow-Origin', '*');
    context.set('Cache-Control', isPinned || HASHED.test(name) ? FOREVER : BRIEFLY);
    context.vary('Accept-Encoding');
    if (isKnown(context, tag)) return;
    context.path = `/${name}`;
    await files(context, next);
    context.path = path;
  };
}

/** A weak tag for each file, by what it holds: one for all its encodings. Empty where nothing has been built. */
async function entityTags(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((fault: unknown) => {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return [];
    throw fault;
  });
  const tags = new Map<string, string>();
  for (const entry of entries) {
    if (!entry.isFile() || NOT_SERVED.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const hash = createHash('sha256')
      .update(await readFile(path))
      .digest('base64url')
      .slice(0, 22);
    tags.set(relative(folder, path).replaceAll('\\', '/'), `W/"${hash}"`);
  }
  return tags;
}
