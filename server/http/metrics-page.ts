import type { Middleware } from 'koa';

import { operatorGate } from '../admin/operator-gate.js';
import type { Metrics } from '../metrics/metrics.js';
import type { RequestState } from './request-state.js';

const PATH = '/metrics';

/** What Prometheus reads, for the operator alone: it tells of sites and how busy they are. */
export function metricsPage(metrics: Metrics, adminToken: string | undefined): Middleware<RequestState> {
  const gate = operatorGate(adminToken);
  return async (context, next) => {
    if (context.path !== PATH) {
      await next();
      return;
    }
    context.state.route = PATH;
    await gate(context, async () => {
      const { type, body } = await metrics.render();
      context.set('Content-Type', type);
      context.body = body;
    });
  };
}
