import type { Context, Middleware } from 'koa';

import { operatorGate } from '../admin/operator-gate.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Readiness } from '../readiness.js';
import type { RequestState } from './request-state.js';

/**
 * For monitoring: `/healthz` says that the process answers, `/readyz` whether it should be sent
 * people.
 */
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

const PATH = '/metrics';

/** The tokens that open the metrics. Where there is neither, nobody may read them. */
export interface MetricsPageTokens {
  /** Opens the metrics alone. */
  readonly metricsToken: string | undefined;
  readonly adminToken: string | undefined;
}

/**
 * The metrics for Prometheus. They name sites and how busy they are, so only the operator may read
 * them.
 */
export function metricsPage(metrics: Metrics, tokens: MetricsPageTokens): Middleware<RequestState> {
  const gate = eitherGate(tokens);
  return async (context, next) => {
    if (context.path !== PATH) {
      await next();
      return;
    }
    context.state.route = PATH;
    await gate(context);
    const { type, body } = await metrics.render();
    context.set('Content-Type', type);
    context.body = body;
  };
}

/**
 * Admits either token.
 * @throws RefusedError for any other request
 */
function eitherGate({ metricsToken, adminToken }: MetricsPageTokens): (context: Context) => Promise<void> {
  const first = operatorGate(metricsToken ?? adminToken);
  const second = operatorGate(adminToken ?? metricsToken);
  const nothing = () => Promise.resolve();
  return async context => {
    try {
      await first(context, nothing);
    } catch {
      await second(context, nothing);
    }
  };
}
