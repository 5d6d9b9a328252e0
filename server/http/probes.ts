import type { Middleware } from 'koa';

import type { Readiness } from '../readiness.js';
import type { RequestState } from './request-state.js';

/** For whoever watches the process: `/healthz`, that it runs and answers; `/readyz`, whether it should be sent people. */
export function probes(readiness: Readiness): Middleware<RequestState> {
  return async (context, next) => {
    const { path } = context;
    if (path !== '/healthz' && path !== '/readyz') {
      await next();
      return;
    }
    context.state.route = path;
    context.set('Cache-Control', 'no-store');
    if (path === '/healthz') {
      context.body = { ok: true };
    } else {
      const report = await readiness.report();
      context.status = report.ready ? 200 : 503;
      context.body = report;
    }
  };
}
