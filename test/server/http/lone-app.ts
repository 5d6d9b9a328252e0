import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { type App, type AppOptions, createApp } from '../../../server/app.js';
import { DEFAULT_SITE_LIMITS } from '../../../server/domain/site.js';
import { createLog } from '../../../server/log.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { ORIGIN } from '../../support/backend.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const SECRET_KEY = 'a secret key of the tests, long enough to be one';

/** The app with whatever an operator may set, and one site, `acme`, where guests are admitted to `open-*`. */
export async function loneApp(t: TestContext, options: Partial<AppOptions> = {}): Promise<App> {
  const folder = await temporaryFolder(t);
  const storage = options.storage ?? (await openSqlite({ file: join(folder, 'chalk-talk.db'), secretKey: SECRET_KEY }));
  const app = await createApp({
    storage,
    secretKey: SECRET_KEY,
    host: '127.0.0.1',
    port: 0,
    bundleDir: join(folder, 'no-bundle'),
    version: '0.0.0',
    log: createLog('silent'),
    ...options,
  });
  t.after(async () => {
    await app.close();
    await storage.close();
  });
  const guests = { 'open-*': 'member' } as const;
  const limits = DEFAULT_SITE_LIMITS;
  await app.sites.putSite({ id: 'acme', name: 'Acme', origins: [ORIGIN], guests, limits, retentionDays: null });
  return app;
}
