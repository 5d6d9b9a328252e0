/**
 * How keys and channels are called. Each name is in one of 256 parts, by the room, site or budget that it is of, and carries the part's hash
 * tag. So everything of a room lies on one server of a Redis Cluster, and a node that asks for the slots of 256 tags knows where everything is.
 */

/** How many parts: enough for every server of a large Redis Cluster to have some. */
export const PARTS = 256;

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
export function tagOf(part: number): string {
  return `{${part}}`;
}

function partOf(name: string): number {
  let sum = 0;
  for (let index = 0; index < name.length; index += 1) sum = (sum * 31 + name.charCodeAt(index)) >>> 0;
  return sum % PARTS;
}
