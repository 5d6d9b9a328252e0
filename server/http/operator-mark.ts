import type { Middleware } from 'koa';

import { operatorGate } from '../admin/operator-gate.js';
import { isAdmin, type RequestState } from './request-state.js';

/**
 * Notes whether what asks the operator's API is the operator, which the log goes by; anybody else is refused here already, as they would be
 * by the API itself.
 */
export function operatorMark(adminToken: string | undefined): Middleware<RequestState> {
  const gate = operatorGate(adminToken);
  return async (context, next) => {
    if (!isAdmin(context)) {
      await next();
      return;
    }
    await gate(context, () => Promise.resolve());
    context.state.isOperator = true;
    await next();
  };
}
