import { hash } from 'node:crypto';

import { RedisError } from './redis-error.js';
import type { RedisName } from './redis-names.js';
import type { Reply } from './redis-server-link.js';
import type { RedisSession } from './redis-session.js';

/** A script in Lua, known to a server by a hash once it was sent. */
export class RedisScript {
  readonly source: string;
  readonly sha: string;

  /** @param source touches the keys that it is given, and no others */
  constructor(source: string) {
    this.source = source;
    this.sha = hash('sha1', source);
  }
}

/**
 * What is asked of Redis, through whichever session there is just now. Commands of one round of the event loop go out together, and those for one
 * name arrive in the order in which they were given.
 */
export class RedisCommands {
  #session: RedisSession | undefined;
  /** Scripts and parts: those that the part's server was given in this session. */
  readonly #given = new Set<string>();

  /** From now on commands go through this session; undefined: there is none. */
  use(session: RedisSession | undefined): void {
    this.#session = session;
    this.#given.clear();
  }

  /** @param name a key or channel of it, which says where it goes. @throws RedisError, also at once where Redis is away */
  async call(name: RedisName, command: string, ...args: readonly (string | number)[]): Promise<Reply> {
    if (!this.#session) throw new RedisError('Redis is away');
    return this.#session.call(name, command, ...args);
  }

  /** @param keys at least one, all of one part. @throws RedisError, also at once where Redis is away */
  async run(script: RedisScript, keys: readonly RedisName[], ...args: readonly (string | number)[]): Promise<Reply> {
    const [first] = keys;
    if (!first) throw new RedisError('a script needs a key');
    const given = [keys.length, ...keys.map(({ text }) => text), ...args];
    const known = `${script.sha} ${first.part}`;
    if (!this.#given.has(known)) {
      // Whole, and not only where the server turns out not to know it: by then other commands might have overtaken it.
      this.#given.add(known);
      return this.call(first, 'EVAL', script.source, ...given);
    }
    try {
      return await this.call(first, 'EVALSHA', script.sha, ...given);
    } catch (fault) {
      if (!(fault instanceof RedisError) || !fault.message.startsWith('NOSCRIPT')) throw fault;
      return this.call(first, 'EVAL', script.source, ...given);
    }
  }
}
