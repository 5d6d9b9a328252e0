import { fileURLToPath } from 'node:url';

import { createApp } from './app.js';
import { openRedis } from './cluster/redis/open-redis.js';
import type { Config } from './config/config.js';
import type { Logger } from './log.js';
import { Metrics } from './metrics/metrics.js';
import { BUNDLE_DIR, packageVersion } from './package-version.js';

/** A server that runs. */
export interface Serving {
  /** Where it listens, as an origin. */
  readonly url: string;
  /** What `close` waits for, in words; undefined before and after it. */
  readonly waitingFor: string | undefined;
  /** Tells whoever spreads the load to send nobody here any more; who comes is still served. */
  drain(): void;
  /** Ends when everything that was begun is kept and answered. Harmless when called again. */
  close(): Promise<void>;
}

/** Something that was opened, with what is waited for while it closes, in words. */
interface Opened {
  readonly waitingFor: () => string | undefined;
  close(): Promise<void>;
}

/**
 * Others can't be told from none: whoever starts a second node is to read it in the log of either.
 */
const ONLY_NODE =
  'without REDIS_URL this has to be the only node on its PostgreSQL: people on another one would hear what is said late, see no live ink, and be counted apart';

/**
 * Puts together what the configuration asks for, and starts it.
 *
 * @throws StorageError where the database can't be used, RedisError where Redis can't; what the
 *   system says where it can't listen there
 */
export async function serve(config: Config, log: Logger): Promise<Serving> {
  /** Each needs those before it. */
  const opened: Opened[] = [];
  let closes: Opened | undefined;
  const close = async () => {
    for (let next = opened.pop(); next; next = opened.pop()) {
      closes = next;
      await next.close();
    }
    closes = undefined;
  };
  try {
    const { database, redis, secretKey } = config;
    const storage = await database.open({ secretKey, log });
    opened.push({ waitingFor: () => 'the database', close: () => storage.close() });
    const cluster = redis && (await openRedis({ ...redis, log }));
    if (cluster) opened.push({ waitingFor: () => 'Redis', close: () => cluster.close() });
    else if (storage.isShared) log.warn(ONLY_NODE);
    const { commands, guestsOfAddress, residentRooms, residentBytes, snapshotBytes } = config.limits;
    const app = await createApp({
      ...config,
      storage,
      ...(cluster && { cluster }),
      log,
      version: await packageVersion(),
      bundleDir: fileURLToPath(BUNDLE_DIR),
      metrics: new Metrics({ ofProcess: true }),
      rates: { commands, guestsOfAddress },
      residentRooms,
      residentBytes,
      snapshotBytes,
    });
    opened.push({ waitingFor: () => app.waitingFor, close: () => app.close() });
    let closed: Promise<void> | undefined;
    return {
      url: app.url,
      get waitingFor() {
        return closes?.waitingFor();
      },
      drain: () => app.drain(),
      close: () => (closed ??= close()),
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}
