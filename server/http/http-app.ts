import compress from 'koa-compress';
import Koa, { type Middleware } from 'koa';

import type { SiteDirectory } from '../auth/site-directory.js';
import type { Logger } from '../log.js';
import { answerRefusals } from './answer-refusals.js';
import { pagesApi, type PagesApiOptions } from './pages-api.js';
import { scriptFiles, type ScriptFilesOptions } from './script-files.js';
import { siteGate } from './site-gate.js';

export interface HttpAppOptions {
  readonly script: ScriptFilesOptions;
  readonly pages: PagesApiOptions;
  readonly sites: SiteDirectory;
  readonly log: Logger;
}

/** Everything that is answered over plain HTTP. */
export async function httpApp({ script, pages, sites, log }: HttpAppOptions): Promise<Koa> {
  const app = new Koa();
  // Koa's own complaints: nearly all of them are of clients that went away in the middle.
  app.silent = true;
  app.on('error', (fault: unknown) => log.debug({ err: fault }, 'a response was cut off'));
  const router = pagesApi(pages);
  app.use(guardResponses);
  app.use(answerRefusals(log));
  app.use(health);
  app.use(await scriptFiles(script));
  app.use(compress({ threshold: 1_024, zstd: false, deflate: false }));
  app.use(siteGate(sites));
  app.use(router.routes());
  return app;
}

/** Nothing here is a page: it can't be framed, guessed at as another type, or run anything. */
const guardResponses: Middleware = async (context, next) => {
  context.set('X-Content-Type-Options', 'nosniff');
  context.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  context.set('Referrer-Policy', 'no-referrer');
  context.set('Cross-Origin-Resource-Policy', 'same-origin');
  await next();
};

/** For whoever watches the process: it runs and answers. */
const health: Middleware = async (context, next) => {
  if (context.path === '/healthz') {
    context.set('Cache-Control', 'no-store');
    context.body = { ok: true };
  } else {
    await next();
  }
};
