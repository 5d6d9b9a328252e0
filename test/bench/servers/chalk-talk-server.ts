/**
 * Our server as it is run: the whole app, tokens, rates, metrics, a log, and SQLite on a disk,
 * which is synced at each commit.
 */
import { createApp, type App } from '../../../server/app.js';
import { DEFAULT_SITE_LIMITS } from '../../../server/domain/site.js';
import { createLog } from '../../../server/log.js';
import { Metrics } from '../../../server/metrics/metrics.js';
import type { Storage } from '../../../server/domain/storage.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { answerParent } from '../ask.js';
import { PAGE_ORIGIN, SITE } from '../load/dialect.js';
import { measured } from './measured.js';

export interface StartOptions {
  /** A folder for its database. */
  readonly folder: string;
  /** The site's key, HS256: the id and the secret in base64url. */
  readonly kid: string;
  readonly secret: string;
  /** Commands a second that the site may give; every other limit is as it comes. */
  readonly commandsPerSecond: number;
}

const SECRET_KEY = 'what the bench seals its secrets with, long enough';

let running: { readonly app: App; readonly storage: Storage } | undefined;

const answers = {
  ...measured,
  /** @returns the port */
  async start({ folder, kid, secret, commandsPerSecond }: StartOptions): Promise<number> {
    const storage = await openSqlite({ file: `${folder}/chalk-talk.db`, secretKey: SECRET_KEY });
    const app = await createApp({
      storage,
      secretKey: SECRET_KEY,
      host: '127.0.0.1',
      port: 0,
      bundleDir: folder,
      version: '0.0.0',
      log: createLog('info'),
      metrics: new Metrics({ ofProcess: true }),
    });
    running = { app, storage };
    const limits = { ...DEFAULT_SITE_LIMITS, commandsPerSecond };
    await app.sites.putSite({
      id: SITE,
      name: SITE,
      origins: [PAGE_ORIGIN],
      guests: {},
      limits,
      retentionDays: null,
      strokeTimes: true,
    });
    const material = new Uint8Array(Buffer.from(secret, 'base64url'));
    await app.sites.addKey({ site: SITE, kid, algorithm: 'HS256', material, forServers: false });
    return app.port;
  },
  async close(): Promise<void> {
    await running?.app.close();
    await running?.storage.close();
  },
};
export type ChalkTalkAnswers = typeof answers;

answerParent(answers);
