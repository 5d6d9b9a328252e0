import { fileURLToPath } from 'node:url';

import { createApp } from './app.js';
import { openRedis } from './cluster/redis/open-redis.js';
import type { Config } from './config/config.js';
import type { Logger } from './log.js';
import { Metrics } from './metrics/metrics.js';
import { BUNDLE_DIR, packageVersion } from './package-version.js';

/** A running server. */
export interface Serving {
  /** Where it listens, as an origin. */
  readonly url: string;
  /** What `close` is waiting for, in words; undefined before and after. */
  readonly waitingFor: string | undefined;
  /** Tells load balancers to send nobody here any more. People who come are still served. */
  drain(): void;
  /** Resolves once everything under way is kept and answered. Harmless when called again. */
  close(): Promise<void>;
}

/** A resource to be closed, and what its closing waits for, in words. */
interface Opened {
  readonly waitingFor: () => string | undefined;
  close(): Promise<void>;
}

/**
 * A node can't see whether there are others: whoever starts a second one should read this in the
 * log of either.
 */
const ONLY_NODE =
  'without REDIS_URL this has to be the only node on its PostgreSQL: people on another one would hear what is said late, see no live ink, and be counted apart';

/**
 * Starts the server that the configuration describes.
 *
 * @throws StorageError where the database can't be used, RedisError where Redis can't, the system's
 *   error where it can't listen
 */
export async function serve(config: Config, log: Logger): Promise<Serving> {
  /** Each depends on those before it. */
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
