import type { RedisHost, RedisPlace } from '../../config/redis-url.js';
import { itemsOf, RedisError, type RedisServerLink, type Reply } from './redis-server-link.js';

/**
 * How keys and channels are called. Each name is in one of 256 parts, by the room, site or budget
 * that it is of, and carries the part's hash tag. So everything of a room lies on one server of a
 * Redis Cluster, and a node that asks for the slots of 256 tags knows where everything is.
 */

/** How many parts: enough for every server of a large Redis Cluster to have some. */
const PARTS = 256;

/** A key or a channel, and the part in which it lies. */
export interface RedisName {
  readonly text: string;
  readonly part: number;
}

/** Names under a prefix of their own, which keeps apart several clusters that use one Redis. */
export class RedisNames {
  readonly #prefix: string;

  /** @param prefix without braces */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Of what there is one for each room, site, person…: `kind` says what it is, `name` whose. */
  of(kind: string, name: string): RedisName {
    const part = partOf(name);
    return { text: `${this.#prefix}:${tagOf(part)}:${kind}:${name}`, part };
  }
}

/** The hash tag of a part: Redis Cluster looks at nothing else of a name. */
function tagOf(part: number): string {
  return `{${part}}`;
}

function partOf(name: string): number {
  let sum = 0;
  for (let index = 0; index < name.length; index += 1) sum = (sum * 31 + name.charCodeAt(index)) >>> 0;
  return sum % PARTS;
}

/**
 * Which server has which part. A Redis Cluster gives each of its servers ranges of slots; a Redis
 * alone has everything.
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
