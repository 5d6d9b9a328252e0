/** The operator's API (see protocol/schema/admin.ts), put together from its parts. */
import Router from '@koa/router';

import { ADMIN_PATH, type StatusAnswer } from '../../protocol/schema/admin.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import type { Clock } from '../clock.js';
import type { Backups, SiteStorage } from '../domain/storage.js';
import type { Logger } from '../log.js';
import { addBackup } from './backup.js';
import { addKeys } from './keys.js';
import { operatorGate } from './operator-gate.js';
import { addRevocations } from './revocations.js';
import { addSites } from './sites.js';
import { addTokens } from './tokens.js';
import { addUsage } from './usage.js';

export interface AdminApiOptions {
  /** The operator's token; without one nothing is here. */
  readonly adminToken: string | undefined;
  readonly sites: SiteDirectory;
  readonly storage: SiteStorage & Partial<Backups>;
  /** How many connections a site has just now. */
  readonly connectionsOf: (site: string) => number;
  readonly status: () => Promise<Omit<StatusAnswer, 'sites'>>;
  readonly clock: Clock;
  readonly log: Logger;
}

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
