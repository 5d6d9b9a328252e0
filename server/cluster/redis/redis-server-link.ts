import type { EventEmitter } from 'node:events';

import { Redis } from 'ioredis';

import type { Clock } from '../../clock.js';
import type { RedisHost, RedisPlace } from '../../config/redis-url.js';

/**
 * Redis did not do what was asked of it. The message is for the log. Errors of ioredis are never
 * logged themselves: they carry the command with everything in it, passwords and people's words
 * too.
 */
export class RedisError extends Error {
  /** Whether trying again is of no use: something must be set otherwise. */
  readonly isFinal: boolean;

  constructor(message: string, options: { readonly isFinal?: boolean } = {}) {
    super(message);
    this.name = 'RedisError';
    this.isFinal = options.isFinal ?? false;
  }
}

/** What of an error may be told: the server's own words, or the system's code. */
export function reasonOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : 'unknown';
}

export interface RedisServerLinkOptions {
  readonly place: RedisPlace;
  readonly host: RedisHost;
  readonly clock: Clock;
  /** Milliseconds in which a connection comes about. */
  readonly connectWithin: number;
  readonly onMessage: (channel: string, text: string) => void;
  /** Told once, when it can't be used any longer. */
  readonly onFailed: (reason: string) => void;
}

/** Said of a server that does not answer, for the log. */
export const SILENT = 'it does not answer';

/** What Redis answers. */
export type Reply = string | number | null | readonly Reply[];

/** The items of an answer that is a list; none of any other. */
export function itemsOf(reply: Reply | undefined): readonly Reply[] {
  return typeof reply === 'object' && reply !== null ? reply : [];
}

/**
 * The two connections to one Redis server: commands go by one, and by the other comes what is said
 * in the channels. Both end together, and are never opened again: after a failure another link is
 * opened, and nothing is left over from before.
 */
export class RedisServerLink {
  readonly #options: RedisServerLinkOptions;
  readonly #asking: Redis;
  readonly #listening: Redis;
  #isCorked = false;
  #isOver = false;
  readonly #failed = (fault: unknown): void => this.#fail(reasonOf(fault));

  constructor(options: RedisServerLinkOptions) {
    this.#options = options;
    this.#asking = this.#connection();
    this.#listening = this.#connection();
    this.#listening.on('smessage', options.onMessage);
    // The cluster took the channel to another server.
    this.#listening.on('moved', () => this.#fail('a channel has moved to another server'));
  }

  /** @throws RedisError */
  async connect(): Promise<void> {
    let reason: string | undefined;
    const remember = (fault: unknown) => (reason ??= reasonOf(fault));
    this.#asking.on('error', remember);
    this.#listening.on('error', remember);
    const { clock, connectWithin } = this.#options;
    // The server may accept connections and never answer.
    const cancel = clock.after(connectWithin, () => {
      remember(new RedisError(SILENT));
      this.close();
    });
    try {
      await Promise.all([this.#asking.connect(), this.#listening.connect()]);
    } catch (fault) {
      this.close();
      throw failureOf(reason ?? reasonOf(fault));
    } finally {
      cancel();
    }
  }

  /** Resolves when both connections have answered. @throws RedisError */
  async ping(): Promise<void> {
    await Promise.all([this.#asking, this.#listening].map(redis => answered(redis.ping())));
  }

  /** @throws RedisError */
  call(command: string, ...args: readonly (string | number)[]): Promise<Reply> {
    this.#cork();
    return answered(this.#asking.call(command, ...args));
  }

  /**
   * Says a message in a channel. Nobody waits for it, as it is by far the most frequent command:
   * where it fails, the link has failed.
   */
  publish(channel: string, text: string): void {
    this.#cork();
    this.#asking.spublish(channel, text).catch(this.#failed);
  }

  /** Resolves when the channel is listened to. @throws RedisError */
  async subscribe(channel: string): Promise<void> {
    await answered(this.#listening.ssubscribe(channel));
  }

  /** @throws RedisError */
  async unsubscribe(channel: string): Promise<void> {
    await answered(this.#listening.sunsubscribe(channel));
  }

  /** Harmless when called again. Nobody is told. */
  close(): void {
    this.#isOver = true;
    for (const redis of [this.#asking, this.#listening]) {
      expectErrors(redis);
      redis.disconnect();
    }
  }

  #connection(): Redis {
    const { place, host } = this.#options;
    const redis = new Redis({
      ...host,
      db: place.database,
      ...(place.username !== undefined && { username: place.username }),
      ...(place.password !== undefined && { password: place.password }),
      ...(place.tls && { tls: {} }),
      connectionName: 'chalk-talk',
      disconnectTimeout: 0,
      lazyConnect: true,
      retryStrategy: null,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
    });
    redis.on('error', this.#failed);
    redis.on('end', () => this.#fail('the connection was closed'));
    return redis;
  }

  #fail(reason: string): void {
    if (this.#isOver) return;
    this.close();
    this.#options.onFailed(reason);
  }

  /** What is sent until the next tick goes out as one write: a third of the cost. */
  #cork(): void {
    const { stream } = this.#asking;
    if (this.#isCorked || this.#isOver) return;
    this.#isCorked = true;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }
}

/**
 * Node ends the process for an error that nobody listens to. ioredis listens to a socket's first
 * one alone, and a socket that ends in the middle of a handshake may have two. Before it connects
 * there is no socket.
 */
function expectErrors({ stream }: { readonly stream?: EventEmitter }): void {
  stream?.on('error', () => undefined);
}

async function answered(reply: Promise<unknown>): Promise<Reply> {
  try {
    return replyOf(await reply);
  } catch (fault) {
    throw failureOf(reasonOf(fault));
  }
}

function replyOf(value: unknown): Reply {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map(replyOf);
  throw new RedisError('Redis gave an answer of a form that nobody asked for');
}

/** Errors that waiting does not mend: somebody has to set something otherwise. */
const FINAL =
  /^(?:WRONGPASS|NOAUTH|NOPERM|ERR unknown command|ERR invalid password|ERR This instance has cluster support disabled)/i;

function failureOf(reason: string): RedisError {
  return new RedisError(reason, { isFinal: FINAL.test(reason) });
}
