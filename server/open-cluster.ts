import type { Cluster } from './cluster/cluster.js';
import { openRedis } from './cluster/redis/open-redis.js';
import type { Config } from './config/config.js';
import type { Logger } from './log.js';

/**
 * Joins the other nodes.
 *
 * @returns undefined where the configuration names no Redis by which nodes could tell each other what happens: there is one node
 * @throws RedisError where Redis can't be used
 */
export async function openCluster({ redis }: Pick<Config, 'redis'>, log: Logger): Promise<Cluster | undefined> {
  return redis && openRedis({ ...redis, log });
}
