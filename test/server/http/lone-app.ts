import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { type App, type AppOptions, createApp } from '../../../server/app.js';
import { DEFAULT_SITE_LIMITS } from '../../../server/domain/site.js';
import { createLog } from '../../../server/log.js';
import { ORIGIN } from '../../support/backend.js';
import { type Footing, newPlace } from '../../support/place.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/**
 * The app with whatever an operator may set, and one site, `acme`, where guests are admitted to
 * `open-*`. Alone on a place of the run's kind, or on the storage that is given.
 */
export async function loneApp(t: TestContext, options: Partial<AppOptions> = {}): Promise<App> {
  const folder = await temporaryFolder(t);
  const footing = await footingOf(options);
  const app = await createApp({
    storage: footing.storage,
    ...(footing.cluster && { cluster: footing.cluster }),
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
    await footing.close();
  });
  const guests = { 'open-*': 'member' } as const;
  const limits = DEFAULT_SITE_LIMITS;
  await app.sites.putSite({
    id: 'acme',
    name: 'Acme',
    origins: [ORIGIN],
    guests,
    limits,
    retentionDays: null,
    strokeTimes: true,
  });
  return app;
}

/** What is given, or a place of its own, which goes with it. */
async function footingOf({ storage }: Partial<AppOptions>): Promise<Footing> {
  if (storage) return { storage, close: () => storage.close() };
  const place = await newPlace();
  const footing = await place.open();
  return {
    ...footing,
    async close() {
      await footing.close();
      await place.remove();
    },
  };
}
