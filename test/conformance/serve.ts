/**
 * `node dist/test/conformance/serve.js`: the server for the public test suites, on the port that
 * they knock at, until it is ended.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createApp } from '../../server/app.js';
import { DEFAULT_SITE_LIMITS } from '../../server/domain/site.js';
import { createLog } from '../../server/log.js';
import { openSqlite } from '../../server/storage/sqlite/open-sqlite.js';
import { SECRET_KEY } from '../support/secret-key.js';
import { CONFORMANCE, SITE } from './profile.js';

const PORT = 3000;

const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-'));
const log = createLog('warn');
const storage = await openSqlite({ file: join(folder, 'chalk-talk.db'), secretKey: SECRET_KEY });
const app = await createApp({
  storage,
  secretKey: SECRET_KEY,
  host: 'localhost',
  port: PORT,
  bundleDir: folder,
  version: '0.0.0',
  log,
  transport: CONFORMANCE,
});
await app.sites.putSite({
  id: SITE,
  name: SITE,
  origins: [],
  guests: {},
  limits: DEFAULT_SITE_LIMITS,
  retentionDays: null,
  strokeTimes: true,
});
process.stdout.write(`The suites may knock at http://localhost:${app.port}. Ctrl+C ends it.\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void (async () => {
      await app.close();
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    })();
  });
}
