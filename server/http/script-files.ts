import type { Middleware } from 'koa';
import serve from 'koa-static';

import { type Bundle, readBundle } from './bundle.js';
import { isKnown } from './entity-tag.js';
import type { RequestState } from './request-state.js';
import type { ScriptArchive } from './script-archive.js';

/** A chunk whose name is a hash of its content never changes. */
const HASHED = /-[A-Za-z0-9_-]{8}\.js(\.map)?$/;
/** The path of the latest script of this major version. */
const FLOATING = '/v1/';
/** Compressed copies, sent only in place of the plain file. */
const COMPRESSED = /\.(br|gz)$/;

/** Characters of a hash in an entity tag. */
const TAG_LENGTH = 22;

const FOREVER = 'public, max-age=31536000, immutable';
const BRIEFLY = 'public, max-age=300, stale-while-revalidate=86400';

export interface ScriptFilesOptions {
  /** The folder of the built widget, with compressed copies of its files as `.br` and `.gz`. */
  readonly folder: string;
  /** The version of this package. What is served under it never changes. */
  readonly version: string;
  /** The scripts of other versions; none without it. */
  readonly archive: ScriptArchive | undefined;
}

/** A served file. */
interface ScriptFile {
  readonly name: string;
  /** Weak, and the same for all encodings. */
  readonly tag: string;
  /** Sends it in the best encoding available. */
  readonly send: ReturnType<typeof serve>;
}

/**
 * Serves the widget's script. `/v1/chalk-talk.js` is the latest of the major version;
 * `/v1/<version>/chalk-talk.js` never changes, so a page can pin it with `integrity`. Chunks named
 * by a hash are served under `/v1/` for all versions, because a page that loaded its script before
 * an update asks for them later. Only files that were there at the start are served. Every origin
 * may read them.
 */
export async function scriptFiles(options: ScriptFilesOptions): Promise<Middleware<RequestState>> {
  const files = await filesByPath(options);
  return async (context, next) => {
    const { path } = context;
    const isRead = context.method === 'GET' || context.method === 'HEAD';
    const file = isRead ? files.get(path) : undefined;
    if (!file) {
      await next();
      return;
    }
    const isPinned = path !== FLOATING + file.name;
    context.state.route = isPinned ? '/v1/:version/:script' : '/v1/:script';
    context.set('Access-Control-Allow-Origin', '*');
    context.set('Cross-Origin-Resource-Policy', 'cross-origin');
    context.set('Timing-Allow-Origin', '*');
    context.set('Cache-Control', isPinned || HASHED.test(file.name) ? FOREVER : BRIEFLY);
    context.vary('Accept-Encoding');
    if (isKnown(context, file.tag)) return;
    context.path = `/${file.name}`;
    await file.send(context, next);
    context.path = path;
  };
}

/** Every served path. This version's own files take precedence. */
async function filesByPath({ folder, version, archive }: ScriptFilesOptions): Promise<ReadonlyMap<string, ScriptFile>> {
  const own = await readBundle(folder);
  await archive?.keep(version, own);
  const files = new Map<string, ScriptFile>();
  for (const [other, bundle] of (await archive?.versions()) ?? []) {
    for (const file of served(bundle)) {
      files.set(`${FLOATING}${other}/${file.name}`, file);
      if (HASHED.test(file.name)) files.set(FLOATING + file.name, file);
    }
  }
  for (const file of served(own)) {
    files.set(`${FLOATING}${version}/${file.name}`, file);
    files.set(FLOATING + file.name, file);
  }
  return files;
}

function served({ folder, files }: Bundle): readonly ScriptFile[] {
  const send = serve(folder, { index: false });
  return [...files]
    .filter(([name]) => !COMPRESSED.test(name))
    .map(([name, hash]) => ({ name, tag: `W/"${hash.slice(0, TAG_LENGTH)}"`, send }));
}
