import { hash } from 'node:crypto';

import type { Clock } from '../../clock.js';
import type { Logger } from '../../log.js';
import type { RedisName } from './redis-keyspace.js';
import { reasonOf, RedisError, type Reply } from './redis-server-link.js';
import type { RedisSession } from './redis-session.js';

/**
 * Splits items into groups of at most `size`, so that Redis is sent neither one endless command nor
 * thousands at once.
 */
export function* inGroups<Item>(items: readonly Item[], size: number): Iterable<readonly Item[]> {
  for (let first = 0; first < items.length; first += size) yield items.slice(first, first + size);
}

/** A Lua script. Once a server was sent it, it knows the script by its hash. */
export class RedisScript {
  readonly source: string;
  readonly sha: string;

  /** @param source must touch no keys but those that it is given */
  constructor(source: string) {
    this.source = source;
    this.sha = hash('sha1', source);
  }
}

/**
 * Sends commands through the present session. Commands of one round of the event loop are written
 * together. Those for one name arrive in order.
 */
export class RedisCommands {
  #session: RedisSession | undefined;
  /** Pairs of script and part: the scripts that the part's server was sent in this session. */
  readonly #given = new Set<string>();

  /** From now on commands go through this session; undefined where there is none. */
  use(session: RedisSession | undefined): void {
    this.#session = session;
    this.#given.clear();
  }

  /**
   * @param name a key or channel of the command, which decides the server.
   * @throws RedisError; at once where there is no session
   */
  async call(name: RedisName, command: string, ...args: readonly (string | number)[]): Promise<Reply> {
    if (!this.#session) throw new RedisError('Redis is away');
    return this.#session.call(name, command, ...args);
  }

  /**
   * @param keys at least one, all of one part.
   * @throws RedisError; at once where there is no session
   */
  async run(script: RedisScript, keys: readonly RedisName[], ...args: readonly (string | number)[]): Promise<Reply> {
    const [first] = keys;
    if (!first) throw new RedisError('a script needs a key');
    const given = [keys.length, ...keys.map(({ text }) => text), ...args];
    const known = `${script.sha} ${first.part}`;
    if (!this.#given.has(known)) {
      // The whole script, without trying its hash first: after a miss, later commands would
      // overtake it.
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
  /** Subscribes, writes and reads what a new session needs before it can be used. */
  readonly join: (session: RedisSession) => Promise<void>;
  /** `join` is done: the session can be used. */
  readonly onJoined: () => void;
  /** The session is over, or `join` failed. */
  readonly onFell: (wasJoined: boolean) => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly retry: Retry;
}

/** Pauses between attempts, in milliseconds: exponential, with a random half on top. */
export interface Retry {
  readonly first: number;
  readonly longest: number;
}

/** Keeps a session with Redis open: when one fails, it opens another. */
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

  /** How often it has reconnected. */
  get reconnects(): number {
    return Math.max(0, this.#joins - 1);
  }

  /**
   * Resolves when a session is joined for the first time.
   *
   * @throws RedisError where the reason is final, or it takes longer than `within` milliseconds
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

  /** Ends the session, since something sent may be lost; another one begins. */
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
