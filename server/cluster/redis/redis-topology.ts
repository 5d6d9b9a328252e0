import type { RedisHost, RedisPlace } from '../../config/redis-url.js';
import { RedisError } from './redis-error.js';
import { PARTS, tagOf } from './redis-names.js';
import { itemsOf, type RedisServerLink, type Reply } from './redis-server-link.js';

/**
 * Which server has which part. A Redis Cluster gives each of its servers ranges of slots; a Redis alone has everything.
 *
 * @param asked where `link` leads
 * @returns the host of each part, in their order
 * @throws RedisError
 */
export async function hostsOf(
  { isCluster }: Pick<RedisPlace, 'isCluster'>,
  link: Pick<RedisServerLink, 'call'>,
  asked: RedisHost,
): Promise<readonly RedisHost[]> {
  if (!isCluster) {
    const info = await link.call('INFO', 'cluster').catch(() => '');
    if (/cluster_enabled:1/.test(String(info))) {
      throw new RedisError('this is a Redis Cluster: its address begins with redis-cluster://', { isFinal: true });
    }
    return Array.from({ length: PARTS }, () => asked);
  }
  const slots = await Promise.all(
    Array.from({ length: PARTS }, (_, part) => link.call('CLUSTER', 'KEYSLOT', tagOf(part))),
  );
  const ranges = rangesOf(await link.call('CLUSTER', 'SLOTS'), asked);
  return slots.map(slot => {
    const range = ranges.find(({ from, to }) => from <= Number(slot) && Number(slot) <= to);
    if (!range) throw new RedisError('the Redis Cluster has no server for some of its slots');
    return range.host;
  });
}

/** Slots, from one to another, and the server that has them. */
interface SlotRange {
  readonly from: number;
  readonly to: number;
  readonly host: RedisHost;
}

function rangesOf(reply: Reply, asked: RedisHost): readonly SlotRange[] {
  return itemsOf(reply).map(range => {
    const [from, to, master] = itemsOf(range);
    const [host, port] = itemsOf(master);
    if (typeof from !== 'number' || typeof to !== 'number' || typeof port !== 'number') {
      throw new RedisError('the Redis Cluster did not say where its slots are');
    }
    // A server that does not know its own name is the one that was asked.
    return { from, to, host: { host: typeof host === 'string' && host !== '' ? host : asked.host, port } };
  });
}
