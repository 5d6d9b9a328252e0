import { randomId } from '../../protocol/names.js';
import { openRedis, type OpenRedisOptions } from '../../server/cluster/redis/open-redis.js';
import type { RedisCluster } from '../../server/cluster/redis/redis-cluster.js';
import { createLog } from '../../server/log.js';
import { openPostgres } from '../../server/storage/postgres/open-postgres.js';
import type { PostgresStorage } from '../../server/storage/postgres/postgres-storage.js';
import type { Footing, Place } from './place.js';
import { newPostgresDatabase } from './postgres-server.js';
import { redisUrl } from './redis-server.js';
import { SECRET_KEY } from './secret-key.js';

/** What one node of several stands on. */
export interface SharedFooting extends Footing {
  readonly storage: PostgresStorage;
  readonly cluster: RedisCluster;
}

/**
 * So many that a stroke may come, a snapshot go and a site change meanwhile; many tests share one
 * PostgreSQL.
 */
const CONNECTIONS = 4;

/** A database and a prefix in Redis of its own, for three nodes. */
export async function sharedPlace(): Promise<Place> {
  const tearDowns: (() => Promise<void>)[] = [];
  const scope = { after: (tearDown: () => Promise<void>) => void tearDowns.push(tearDown) };
  const database = await newPostgresDatabase(scope);
  const redis = await redisUrl(scope);
  const prefix = newPrefix();
  const log = createLog('silent');
  return {
    nodes: 3,
    environment: { DATABASE_URL: database, REDIS_URL: redis, REDIS_PREFIX: prefix },
    open: () => openFooting(database, { url: redis, prefix, log }),
    async remove() {
      for (const tearDown of tearDowns.splice(0).reverse()) await tearDown();
    },
  };
}

/** A prefix of a test's own, where it shares a Redis with others. */
export function newPrefix(): string {
  return `test-${randomId(12)}`;
}

/**
 * Opens what one node of several stands on.
 * @param database the address of a PostgreSQL database
 */
export async function openFooting(database: string, redis: OpenRedisOptions): Promise<SharedFooting> {
  const storage = await openPostgres({ url: database, secretKey: SECRET_KEY, poolSize: CONNECTIONS });
  try {
    const cluster = await openRedis(redis);
    return {
      storage,
      cluster,
      async close() {
        await cluster.close();
        await storage.close();
      },
    };
  } catch (fault) {
    await storage.close();
    throw fault;
  }
}
