import { randomId } from '../../../protocol/names.js';
import { type Clock, systemClock } from '../../clock.js';
import type { Logger } from '../../log.js';
import { redisPlace } from '../../config/redis-url.js';
import { LivingNodes } from './redis-presence.js';
import { RedisCluster, type ClusterTimes } from './redis-cluster.js';
import { RedisCommands } from './redis-client.js';
import { RedisError } from './redis-server-link.js';
import { RedisNames } from './redis-keyspace.js';
import { type Pulse, RedisSession } from './redis-session.js';
import { RedisBudgets } from './shared-budgets.js';
import { RedisConnections } from './shared-connections.js';

export interface OpenRedisOptions {
  /** As REDIS_URL; it may hold a password, and is never logged. */
  readonly url: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /**
   * What keys and channels begin with; it keeps apart several clusters on one Redis. Without
   * braces.
   */
  readonly prefix?: string;
  /** For tests. */
  readonly times?: Partial<RedisTimes>;
}

/** All in milliseconds. */
export interface RedisTimes extends ClusterTimes {
  readonly pulse: Pulse;
  /** How long is tried at the start. */
  readonly startWithin: number;
}

const TIMES: RedisTimes = {
  // A frozen Redis is noticed within three seconds.
  pulse: { every: 1_000, within: 2_000 },
  beat: 2_000,
  lostAfter: 10_000,
  refresh: 600_000,
  retry: { first: 50, longest: 1_000 },
  startWithin: 10_000,
};

/**
 * Joins the other nodes that use the same Redis under the same prefix.
 *
 * @throws RedisError where Redis can't be reached, refuses the password, or is too old
 */
export async function openRedis({
  url,
  log,
  clock = systemClock,
  prefix = 'chalk-talk',
  times = {},
}: OpenRedisOptions): Promise<RedisCluster> {
  const place = redisPlace(url);
  if (!place) throw new RedisError('this is no address of a Redis', { isFinal: true });
  const { pulse, startWithin, ...rest } = { ...TIMES, ...times };
  const node = randomId(8);
  const names = new RedisNames(prefix);
  const commands = new RedisCommands();
  const nodes = new LivingNodes({ node, commands, names, clock, lostAfter: rest.lostAfter });
  const cluster = new RedisCluster({
    node,
    commands,
    names,
    nodes,
    connections: new RedisConnections({ node, commands, names, clock, others: () => nodes.others }),
    budgets: new RedisBudgets(commands, names),
    open: onMessage => RedisSession.open({ place, clock, pulse, onMessage }),
    clock,
    log,
    times: rest,
  });
  await cluster.start(startWithin);
  return cluster;
}
