import compress from 'koa-compress';
import Koa, { type Middleware } from 'koa';

import { adminApi } from '../admin/admin-api.js';
import type { AdminApiOptions } from '../admin/requests.js';
import type { Readiness } from '../readiness.js';
import { answerRefusals } from './answer-refusals.js';
import { metricsPage, type MetricsPageTokens, probes } from './monitoring.js';
import { operatorMark } from '../admin/operator-gate.js';
import { pagesApi, type PagesApiOptions } from './pages-api.js';
import { requestLog, type RequestLogOptions } from './request-log.js';
import type { RequestState } from './request-state.js';
import { scriptFiles, type ScriptFilesOptions } from './script-files.js';
import { siteGate, type SiteGateOptions } from './site-gate.js';

export interface HttpAppOptions {
  readonly script: ScriptFilesOptions;
  readonly pages: PagesApiOptions;
  readonly gate: SiteGateOptions;
  readonly admin: AdminApiOptions;
  readonly requests: RequestLogOptions;
  readonly metricsToken: MetricsPageTokens['metricsToken'];
  readonly readiness: Readiness;
}

/** Everything that is answered over plain HTTP. */
export async function httpApp(options: HttpAppOptions): Promise<Koa<RequestState>> {
  const { log, metrics } = options.requests;
  const app = new Koa<RequestState>();
  // Nearly all errors that Koa reports are of clients that disconnected.
  app.silent = true;
  app.on('error', (fault: unknown) => log.debug({ err: fault }, 'a response was cut off'));
  app.use(requestLog(options.requests));
  app.use(guardResponses);
  app.use(answerRefusals(log, metrics));
  app.use(probes(options.readiness));
  const { metricsToken } = options;
  const { adminToken } = options.admin;
  app.use(metricsPage(metrics, { metricsToken, adminToken }));
  app.use(operatorMark(adminToken));
  app.use(adminApi(options.admin));
  app.use(await scriptFiles(options.script));
  app.use(compress({ threshold: 1_024, zstd: false, deflate: false }));
  app.use(siteGate(options.gate));
  app.use(pagesApi(options.pages).routes());
  return app;
}

/** No answer is a page: it can't be framed, run anything, or be taken for another type. */
const guardResponses: Middleware = async (context, next) => {
  context.set('X-Content-Type-Options', 'nosniff');
  context.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  context.set('Referrer-Policy', 'no-referrer');
  context.set('Cross-Origin-Resource-Policy', 'same-origin');
  await next();
};
