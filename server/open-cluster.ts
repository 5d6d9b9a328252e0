import { alone } from './cluster/alone.js';
import type { Cluster } from './cluster/cluster.js';
import { openRedis } from './cluster/redis/open-redis.js';
import type { Config } from './config.js';
import type { Logger } from './log.js';

/**
 * Joins the other nodes, where the configuration names a Redis by which they tell each other what happens.
 *
 * @throws RedisError where it can't be used
 */
export async function openCluster({ redis }: Pick<Config, 'redis'>, log: Logger): Promise<Cluster> {
  return redis ? openRedis({ ...redis, log }) : alone();
}
