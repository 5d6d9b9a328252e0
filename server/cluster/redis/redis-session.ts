import type { Clock } from '../../clock.js';
import type { RedisHost, RedisPlace } from '../../config/redis-url.js';
import { reasonOf, RedisError, RedisServerLink, type Reply, SILENT } from './redis-server-link.js';
import { hostsOf, type RedisName } from './redis-keyspace.js';

export interface RedisSessionOptions {
  readonly place: RedisPlace;
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly onMessage: (channel: string, text: string) => void;
}

/**
 * How it is noticed that a server is silent though its connections stand: a frozen server, a
 * network that swallows everything.
 */
export interface Pulse {
  /** Milliseconds from an answer to the next question. */
  readonly every: number;
  /** Milliseconds in which it is answered. */
  readonly within: number;
}

/**
 * All connections to Redis, from when they stand until the first of them fails: then all are
 * closed, and it is over. So what was sent in a session has arrived in its order or the session has
 * ended, whichever of the servers, connections or slots it was that failed.
 */
export class RedisSession {
  readonly #options: RedisSessionOptions;
  readonly #links = new Map<string, RedisServerLink>();
  /** By part: the link to its server. */
  readonly #places: RedisServerLink[] = [];
  #cancelPulse: () => void = () => undefined;
  #isOver = false;
  #end: (reason: string) => void = () => undefined;

  /** Resolves when the session ends, with a reason for the log. */
  readonly ended: Promise<string>;

  private constructor(options: RedisSessionOptions) {
    this.#options = options;
    this.ended = new Promise(resolve => (this.#end = resolve));
  }

  /** @throws RedisError */
  static async open(options: RedisSessionOptions): Promise<RedisSession> {
    const session = new RedisSession(options);
    try {
      await session.#connect();
    } catch (fault) {
      session.close();
      throw fault;
    }
    session.#listenToPulse();
    return session;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** @param name a key of it, which says where it goes. @throws RedisError */
  call(name: RedisName, command: string, ...args: readonly (string | number)[]): Promise<Reply> {
    return this.#linkOf(name).call(command, ...args);
  }

  /** Says a message in a channel. Where that fails the session is over. */
  publish(channel: RedisName, text: string): void {
    this.#linkOf(channel).publish(channel.text, text);
  }

  /** Resolves when all that was sent has arrived. @throws RedisError */
  async arrived(): Promise<void> {
    await Promise.all([...this.#links.values()].map(link => link.ping()));
  }

  /** Resolves when the channel is listened to. @throws RedisError */
  subscribe(channel: RedisName): Promise<void> {
    return this.#linkOf(channel).subscribe(channel.text);
  }

  /** @throws RedisError */
  unsubscribe(channel: RedisName): Promise<void> {
    return this.#linkOf(channel).unsubscribe(channel.text);
  }

  /** Harmless when called again. */
  close(reason = 'closed'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelPulse();
    for (const link of this.#links.values()) link.close();
    this.#end(reason);
  }

  async #connect(): Promise<void> {
    const { place, clock, pulse } = this.#options;
    const { host, link: first } = await this.#firstLink();
    const cancel = clock.after(pulse.within, () => first.close());
    const hosts = await hostsOf(place, first, host).finally(cancel);
    for (const each of hosts) this.#places.push(this.#links.get(keyOf(each)) ?? this.#newLink(each));
    const others = [...this.#links.values()].filter(link => link !== first);
    await Promise.all(others.map(link => link.connect()));
    if (this.#places.includes(first)) return;
    // What answered first is a replica, or a server without slots: nothing goes there.
    first.close();
    this.#links.delete(keyOf(host));
  }

  /** The first of the hosts that answers. */
  async #firstLink(): Promise<{ readonly host: RedisHost; readonly link: RedisServerLink }> {
    let failure: unknown;
    for (const host of this.#options.place.hosts) {
      const link = this.#newLink(host);
      try {
        await link.connect();
        return { host, link };
      } catch (fault) {
        failure = fault;
        this.#links.delete(keyOf(host));
      }
    }
    throw failure;
  }

  #newLink(host: RedisHost): RedisServerLink {
    const { place, clock, pulse, onMessage } = this.#options;
    const key = keyOf(host);
    const link = new RedisServerLink({
      place,
      host,
      clock,
      connectWithin: pulse.within,
      onMessage,
      onFailed: reason => this.#failed(key, link, reason),
    });
    this.#links.set(key, link);
    return link;
  }

  #failed(key: string, link: RedisServerLink, reason: string): void {
    // A link that has no part yet is just being connected, and `connect` throws.
    if (this.#places.includes(link)) this.close(`${key}: ${reason}`);
  }

  #linkOf(name: RedisName): RedisServerLink {
    const link = this.#places[name.part];
    if (!link) throw new RedisError('there is no server for this part');
    return link;
  }

  /** Asks all servers whether they are there, again and again. */
  #listenToPulse(): void {
    const { clock, pulse } = this.#options;
    if (this.#isOver) return;
    const waiting = new Set(this.#links.keys());
    this.#cancelPulse = clock.after(pulse.within, () => {
      // Perhaps it was this process that stood still. Then the answers have arrived, and are read
      // before this runs.
      setImmediate(() => {
        for (const key of waiting) this.close(`${key}: ${SILENT}`);
      });
    });
    const answers = [...this.#links].map(([key, link]) => link.ping().then(() => waiting.delete(key)));
    Promise.all(answers).then(
      () => {
        this.#cancelPulse();
        if (!this.#isOver) this.#cancelPulse = clock.after(pulse.every, () => this.#listenToPulse());
      },
      (fault: unknown) => this.close(reasonOf(fault)),
    );
  }
}

function keyOf({ host, port }: RedisHost): string {
  return `${host}:${port}`;
}
