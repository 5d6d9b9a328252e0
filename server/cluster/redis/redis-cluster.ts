import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { Clock } from '../../clock.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { Logger } from '../../log.js';
import type { Cluster, ClusterCounters, RoomLink, RoomListener, SharedBudgets, SharedConnections } from '../cluster.js';
import { LinkedRooms } from './linked-rooms.js';
import { type LivingNodes, PresenceStore } from './redis-presence.js';
import { type RedisCommands, type Retry, SessionKeeper } from './redis-client.js';
import { reasonOf } from './redis-server-link.js';
import { isFrom, MessageBatch, readMessage } from './redis-message.js';
import type { RedisName, RedisNames } from './redis-keyspace.js';
import type { RedisSession } from './redis-session.js';
import { Heartbeat, type HeartbeatTimes } from './heartbeat.js';

export interface RedisClusterOptions {
  readonly node: string;
  readonly commands: RedisCommands;
  readonly names: RedisNames;
  readonly nodes: LivingNodes;
  /** `refresh` writes what Redis may have forgotten, or would before long. */
  readonly connections: SharedConnections & { refresh(): void };
  readonly budgets: SharedBudgets;
  /** Opens a session that tells `hear` what is said. */
  readonly open: (hear: (channel: string, text: string) => void) => Promise<RedisSession>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly times: ClusterTimes;
}

export interface ClusterTimes extends HeartbeatTimes {
  readonly retry: Retry;
}

/**
 * Milliseconds for which a node that closes tries to say so. Where it does not come to that, the
 * others take it for lost after a while.
 */
const FAREWELL = 1_000;
/** Characters of a message that are logged where it can't be read. */
const BEGINNING = 12;

/**
 * The other nodes, by Redis: each room that has somebody here has a channel, and a hash of who is
 * there.
 */
export class RedisCluster implements Cluster {
  readonly #options: RedisClusterOptions;
  readonly #keeper: SessionKeeper;
  readonly #batch: MessageBatch;
  readonly #sites: RedisName;
  readonly #rooms: LinkedRooms;
  readonly #heartbeat: Heartbeat;
  readonly #connectedListeners = new Set<(connected: boolean) => void>();
  readonly #siteListeners = new Set<() => void>();
  readonly #sent = { messages: 0, bytes: 0 };
  readonly #received = { messages: 0, bytes: 0 };
  #ignored = 0;
  #hasSaidIgnored = false;
  #session: RedisSession | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RedisClusterOptions) {
    const { node, commands, names, nodes, connections, clock, log, times, open } = options;
    this.#options = options;
    this.#sites = names.of('nodes', 'sites');
    this.#batch = new MessageBatch({ node, send: (room, text) => this.#send(this.#rooms.channelOf(room), text) });
    this.#rooms = new LinkedRooms({
      ...{ node, names, nodes, batch: this.#batch },
      store: new PresenceStore(commands, names, node),
      attempt: work => this.#attempt(work),
      onDoubt: () => this.#heartbeat.resolveDoubtsLater(),
    });
    nodes.whenFound(found => this.#guard(() => this.#rooms.found(found)));
    nodes.whenLost(lost => this.#guard(() => this.#rooms.lost(lost)));
    this.#keeper = new SessionKeeper({
      open: () => open((channel, text) => this.#receive(channel, text)),
      join: session => this.#join(session),
      onJoined: () => this.#joined(),
      onFell: wasJoined => this.#fell(wasJoined),
      clock,
      log,
      retry: times.retry,
    });
    this.#heartbeat = new Heartbeat({
      ...{ nodes, rooms: this.#rooms, connections, clock, times },
      attempt: work => this.#attempt(work),
      guard: tell => this.#guard(tell),
      onTakenForLost: () => this.#keeper.fail('this node was taken for lost'),
    });
  }

  get node(): string {
    return this.#options.node;
  }

  get connected(): boolean {
    return this.#keeper.isJoined;
  }

  get connections(): SharedConnections {
    return this.#options.connections;
  }

  get budgets(): SharedBudgets {
    return this.#options.budgets;
  }

  get counters(): ClusterCounters {
    return {
      nodes: this.#options.nodes.others.length + 1,
      sent: { ...this.#sent },
      received: { ...this.#received },
      ignored: this.#ignored,
      reconnects: this.#keeper.reconnects,
    };
  }

  /** Resolves when it is connected for the first time. @throws RedisError */
  start(within: number): Promise<void> {
    return this.#keeper.start(within);
  }

  onConnected(listener: (connected: boolean) => void): () => void {
    this.#connectedListeners.add(listener);
    return () => this.#connectedListeners.delete(listener);
  }

  link(room: RoomKey, listener: RoomListener): RoomLink {
    return this.#rooms.link(room, listener);
  }

  announce(room: RoomKey, epoch: string, events: readonly AnyEvent[]): void {
    if (events.length > 0) this.#batch.add(room, ['kept', epoch, events]);
  }

  tellSites(): void {
    this.#send(this.#sites, this.node);
  }

  onSites(listener: () => void): () => void {
    this.#siteListeners.add(listener);
    return () => this.#siteListeners.delete(listener);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#heartbeat.stop();
    this.#rooms.close();
    this.#batch.flush();
    await this.#sayFarewell();
    this.#keeper.close();
  }

  /** Where Redis is away there is nothing to wait for, and where it is silent not for long. */
  async #sayFarewell(): Promise<void> {
    const { nodes, clock } = this.#options;
    const told = nodes.leave().then(() => this.#session?.arrived());
    await new Promise<void>(resolve => {
      const cancel = clock.after(FAREWELL, resolve);
      const end = () => {
        cancel();
        resolve();
      };
      told.then(end, end);
    });
  }

  /**
   * All that was listened to is listened to anew, all that was written is written anew, and then
   * what the others wrote is read.
   */
  async #join(session: RedisSession): Promise<void> {
    const { commands, nodes } = this.#options;
    this.#session = session;
    commands.use(session);
    await session.subscribe(this.#sites);
    // Only when all is written does this node live: whoever sees that it does finds its people too.
    await this.#rooms.join(session, () => nodes.begin());
  }

  #joined(): void {
    if (!this.#closing) this.#heartbeat.start();
    this.#guard(() => {
      for (const listener of [...this.#connectedListeners]) listener(true);
      for (const listener of [...this.#siteListeners]) listener();
      this.#rooms.askedByAll();
    });
  }

  #fell(wasJoined: boolean): void {
    this.#heartbeat.stop();
    this.#session = undefined;
    this.#hasSaidIgnored = false;
    this.#options.commands.use(undefined);
    this.#rooms.suspend();
    if (!wasJoined || this.#closing) return;
    this.#guard(() => {
      for (const listener of [...this.#connectedListeners]) listener(false);
    });
  }

  #receive(channel: string, text: string): void {
    this.#guard(() => {
      if (channel !== this.#sites.text) this.#receiveOfRoom(channel, text);
      else if (text !== this.node) for (const listener of [...this.#siteListeners]) listener();
    });
  }

  #receiveOfRoom(channel: string, text: string): void {
    if (isFrom(this.node, text) || !this.#rooms.has(channel)) return;
    this.#received.messages += 1;
    this.#received.bytes += Buffer.byteLength(text);
    const message = readMessage(text);
    if (message) this.#rooms.receive(channel, message);
    else this.#ignore(text);
  }

  /**
   * Said once a session: where nodes are of two versions, every message may be one that is ignored.
   */
  #ignore(text: string): void {
    this.#ignored += 1;
    if (this.#hasSaidIgnored) return;
    this.#hasSaidIgnored = true;
    // Its form and its node, and nothing of what people say.
    this.#options.log.warn({ begins: text.slice(0, BEGINNING) }, "what another node says can't be read");
  }

  /** A listener that throws says nothing of Redis: it is logged, and the session goes on. */
  #guard(tell: () => void): void {
    try {
      tell();
    } catch (err) {
      this.#options.log.error({ err }, 'what other nodes say could not be taken');
    }
  }

  #send(channel: RedisName, text: string): void {
    // What is not sent while Redis is away is told anew in the next session, or found in storage.
    if (!this.#session) return;
    this.#sent.messages += 1;
    this.#sent.bytes += Buffer.byteLength(text);
    this.#session.publish(channel, text);
  }

  /**
   * Where a command fails nobody knows what of it was done: another session begins, in which all is
   * told and asked anew.
   */
  #attempt(work: Promise<unknown>): void {
    const session = this.#session;
    work.catch((fault: unknown) => session?.close(reasonOf(fault)));
  }
}
