/** The operator's API (see protocol/schema/admin.ts), put together from its parts. */
import Router from '@koa/router';

import { ADMIN_PATH, type StatusAnswer } from '../../protocol/schema/admin.js';
import { addBackup } from './backup.js';
import { addKeys } from './keys.js';
import { operatorGate } from './operator-gate.js';
import type { AdminApiOptions } from './requests.js';
import { addRevocations } from './revocations.js';
import { addSites } from './sites.js';
import { addTokens } from './tokens.js';
import { addUsage } from './usage.js';

/** Answers everything under ADMIN_PATH. Stands behind what answers refusals. */
export function adminApi(options: AdminApiOptions): ReturnType<Router['routes']> {
  const { adminToken, sites, status } = options;
  // By the letter: no path in another spelling leads here.
  const router = new Router({ prefix: ADMIN_PATH, sensitive: true, strict: true });
  // Before every route, and where there is none: without the token nobody learns which is which.
  router.all('{/*path}', operatorGate(adminToken));
  router.get('/status', async context => {
    context.body = { ...(await status()), sites: sites.all.length } satisfies StatusAnswer;
  });
  addSites(router, options);
  addUsage(router, options);
  addKeys(router, options);
  addTokens(router, options);
  addRevocations(router, options);
  addBackup(router, options);
  return router.routes();
}
