import { hash } from 'node:crypto';

import type { Clock } from '../../clock.js';
import type { Logger } from '../../log.js';
import type { RedisName } from './redis-keyspace.js';
import { reasonOf, RedisError, type Reply } from './redis-server-link.js';
import type { RedisSession } from './redis-session.js';

/**
 * Some of the items after the other, at most `size` in a group: what is sent to Redis is neither
 * one endless command nor thousands at once.
 */
export function* inGroups<Item>(items: readonly Item[], size: number): Iterable<readonly Item[]> {
  for (let first = 0; first < items.length; first += size) yield items.slice(first, first + size);
}

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
 * What is asked of Redis, through whichever session there is just now. Commands of one round of the
 * event loop go out together, and those for one name arrive in the order in which they were given.
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

  /**
   * @param name a key or channel of it, which says where it goes.
   * @throws RedisError, also at once where Redis is away
   */
  async call(name: RedisName, command: string, ...args: readonly (string | number)[]): Promise<Reply> {
    if (!this.#session) throw new RedisError('Redis is away');
    return this.#session.call(name, command, ...args);
  }

  /**
   * @param keys at least one, all of one part.
   * @throws RedisError, also at once where Redis is away
   */
  async run(script: RedisScript, keys: readonly RedisName[], ...args: readonly (string | number)[]): Promise<Reply> {
    const [first] = keys;
    if (!first) throw new RedisError('a script needs a key');
    const given = [keys.length, ...keys.map(({ text }) => text), ...args];
    const known = `${script.sha} ${first.part}`;
    if (!this.#given.has(known)) {
      // Whole, and not only where the server turns out not to know it: by then other commands might
      // have overtaken it.
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

export interface SessionKeeperOptions {
  readonly open: () => Promise<RedisSession>;
  /** Says and asks anew whatever has to be, before a session is of use. */
  readonly join: (session: RedisSession) => Promise<void>;
  /** All of it was said and asked: the session is of use. */
  readonly onJoined: () => void;
  /** The session is over, or could not be joined. */
  readonly onFell: (wasJoined: boolean) => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly retry: Retry;
}

/**
 * Pauses between attempts, in milliseconds: each twice the one before, and by chance up to half of
 * it longer.
 */
export interface Retry {
  readonly first: number;
  readonly longest: number;
}

/** Keeps a session with Redis: where one fails, it opens another, as often as it takes. */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  #session: RedisSession | undefined;
  #endPause: () => void = () => undefined;
  #isJoined = false;
  #isClosed = false;
  #joins = 0;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** How often it has come back. */
  get reconnects(): number {
    return Math.max(0, this.#joins - 1);
  }

  /**
   * Resolves when it is joined for the first time.
   *
   * @throws RedisError where that fails for a reason that does not pass, or not `within` so long
   */
  start(within: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let last = new RedisError('it does not answer');
      const giveUp = (fault: RedisError) => {
        cancel();
        this.close();
        reject(fault);
      };
      const cancel = this.#options.clock.after(within, () => giveUp(last));
      void this.#keep({
        joined: () => {
          cancel();
          resolve();
        },
        failed: fault => {
          last = fault;
          if (fault.isFinal) giveUp(fault);
        },
      });
    });
  }

  /** Ends the session, as what was sent may have been lost: another one begins. */
  fail(reason: string): void {
    this.#session?.close(reason);
  }

  /** Harmless when called again. */
  close(): void {
    this.#isClosed = true;
    this.#session?.close();
    this.#endPause();
  }

  async #keep(first: { joined: () => void; failed: (fault: RedisError) => void }): Promise<void> {
    const { log } = this.#options;
    let failures = 0;
    let said: string | undefined;
    do {
      const fault = await this.#serve(() => {
        if (failures > 0) log.info({ attempts: failures }, 'redis is there again');
        failures = 0;
        said = undefined;
        first.joined();
      });
      if (this.#joins === 0) first.failed(fault);
      if (fault.message !== said && !this.#isClosed) log.warn({ reason: fault.message }, 'redis is away');
      said = fault.message;
      await this.#pause(failures);
      failures += 1;
    } while (!this.#isClosed);
  }

  /** One session, from its opening to its end. @returns why it ended, or did not begin */
  async #serve(joined: () => void): Promise<RedisError> {
    const { open, join, onJoined, onFell } = this.#options;
    try {
      const session = await open();
      this.#session = session;
      if (this.#isClosed) session.close();
      await join(session);
      if (session.isOver) return new RedisError(await session.ended);
      this.#joins += 1;
      this.#isJoined = true;
      joined();
      onJoined();
      return new RedisError(await session.ended);
    } catch (fault) {
      return fault instanceof RedisError ? fault : new RedisError(reasonOf(fault));
    } finally {
      this.#session?.close();
      const wasJoined = this.#isJoined;
      this.#isJoined = false;
      onFell(wasJoined);
    }
  }

  #pause(failures: number): Promise<void> {
    const { clock, retry } = this.#options;
    if (this.#isClosed) return Promise.resolve();
    const pause = Math.min(retry.longest, retry.first * 2 ** failures) * (1 + Math.random() / 2);
    return new Promise(resolve => {
      const cancel = clock.after(pause, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}
