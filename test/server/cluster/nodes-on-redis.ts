import type { TestContext } from 'node:test';

import { randomId } from '../../../protocol/names.js';
import { type Clock, systemClock } from '../../../server/clock.js';
import { openRedis, type OpenRedisOptions } from '../../../server/cluster/redis/open-redis.js';
import type { RedisCluster } from '../../../server/cluster/redis/redis-cluster.js';
import { RedisServerLink } from '../../../server/cluster/redis/redis-server-link.js';
import { createLog, type Logger } from '../../../server/log.js';
import { redisPlace } from '../../../server/config/redis-url.js';
import { PATIENCE, until, within } from '../../support/patience.js';

/** So that nothing has to be waited for long. */
export const TIMES: NonNullable<OpenRedisOptions['times']> = {
  pulse: { every: 100, within: 1_000 },
  beat: 50,
  lostAfter: 1_000,
  retry: { first: 20, longest: 100 },
};

export interface NodesOptions {
  readonly times?: OpenRedisOptions['times'];
  readonly log?: Logger;
  readonly clock?: Clock;
  /** Where each reaches Redis; default the address that all are given. */
  readonly urls?: readonly string[];
  readonly prefix?: string;
}

/**
 * Nodes in this process that share a Redis and a prefix of their own, and know of each other. They
 * are closed with the test.
 */
export async function nodesOn<Count extends 1 | 2 | 3>(
  t: TestContext,
  url: string,
  count: Count,
  { times = {}, log = createLog('silent'), clock = systemClock, urls = [], prefix = newPrefix() }: NodesOptions = {},
): Promise<Nodes[Count]> {
  const opened = Array.from({ length: count }, async (_, index) => {
    const node = await openRedis({ url: urls[index] ?? url, log, clock, prefix, times: { ...TIMES, ...times } });
    t.after(() => node.close());
    return node;
  });
  const nodes = await Promise.all(opened);
  // One that came first sees the others with its next sign of life.
  await until(
    PATIENCE,
    () => nodes.every(({ counters }) => counters.nodes >= count),
    () => `of ${count} nodes each sees ${nodes.map(({ counters }) => counters.nodes).join(', ')}`,
  );
  if (!isOf(nodes, count)) throw new Error('as many as were asked for');
  return nodes;
}

interface Nodes {
  1: readonly [RedisCluster];
  2: readonly [RedisCluster, RedisCluster];
  3: readonly [RedisCluster, RedisCluster, RedisCluster];
}

function isOf<Count extends 1 | 2 | 3>(nodes: readonly RedisCluster[], count: Count): nodes is Nodes[Count] {
  return nodes.length === count;
}

export function newPrefix(): string {
  return `test-${randomId(8)}`;
}

/** A connection to look what is kept in a Redis, and to say what no node would. */
export async function redisAt(t: TestContext, url: string): Promise<RedisServerLink> {
  const place = redisPlace(url);
  const [host] = place?.hosts ?? [];
  if (!place || !host) throw new Error('no address of a Redis');
  const link = new RedisServerLink({
    place,
    host,
    clock: systemClock,
    connectWithin: 5_000,
    onMessage: () => undefined,
    onFailed: () => undefined,
  });
  await link.connect();
  t.after(() => link.close());
  return link;
}

/** Resolves when a node's `connected` is as said. */
export async function connectedIs(node: RedisCluster, connected: boolean): Promise<void> {
  if (node.connected === connected) return;
  const changes = new Promise<void>(resolve => {
    const stop = node.onConnected(now => {
      if (now !== connected) return;
      stop();
      resolve();
    });
  });
  await within(PATIENCE, changes, () => `the node is never ${connected ? 'connected' : 'cut off'}`);
}
