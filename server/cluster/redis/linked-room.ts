import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { RoomLink, RoomListener } from '../cluster.js';
import { DoubtedInk, OtherPeople, type PeopleChange } from './remote-presence.js';
import type { LivingNodes, PresenceStore } from './redis-presence.js';
import type { MessageBatch, RedisMessage, Said } from './redis-message.js';
import type { RedisName } from './redis-keyspace.js';
import type { RedisSession } from './redis-session.js';

/** What a linked room needs of a session. */
type Subscribing = Pick<RedisSession, 'subscribe'>;

export interface LinkedRoomOptions {
  readonly room: RoomKey;
  readonly node: string;
  readonly channel: RedisName;
  readonly listener: RoomListener;
  readonly batch: Pick<MessageBatch, 'add'>;
  readonly store: Pick<PresenceStore, 'put' | 'take' | 'forget' | 'read'>;
  readonly nodes: Pick<LivingNodes, 'isKnown' | 'lives' | 'await' | 'beat'>;
  /** Takes care of what fails where nobody waits for it. */
  readonly attempt: (work: Promise<unknown>) => void;
  /**
   * Somebody or some ink is in doubt: `resolveDoubts` is to be called when the other nodes had time
   * enough to tell of it.
   */
  readonly onDoubt: () => void;
  readonly onClosed: () => void;
}

/**
 * This node's part in a room with somebody in it. It subscribes to the room's channel, then reads
 * who is there, and only then takes the messages that came meanwhile. A node writes that somebody
 * came or left before it says so: what is not in what was read is in those messages. After an
 * outage all of this is done once more, and the listener is told what became different.
 */
export class LinkedRoom implements RoomLink {
  readonly #options: LinkedRoomOptions;
  readonly #own = new Map<number, Peer>();
  readonly #others: OtherPeople;
  readonly #doubtedInk = new DoubtedInk();
  /**
   * What happens to a message. `drop`: it belongs to an earlier subscription, or one before it was
   * lost. `buffer`: it waits until the room is read. `apply`: it takes effect.
   */
  #intake: 'drop' | 'buffer' | 'apply' = 'drop';
  /** Messages that came while reading. */
  #early: RedisMessage[] = [];
  /** The session by which it is subscribed. */
  #session: Subscribing | undefined;
  #isClosed = false;
  #markReady: () => void = () => undefined;

  readonly ready: Promise<void>;

  constructor(options: LinkedRoomOptions) {
    this.#options = options;
    this.#others = new OtherPeople(options.onDoubt);
    this.ready = new Promise(resolve => (this.#markReady = resolve));
  }

  get channel(): RedisName {
    return this.#options.channel;
  }

  came(peers: readonly Peer[]): void {
    if (this.#isClosed) return;
    const { room, store, attempt } = this.#options;
    for (const peer of peers) this.#own.set(peer.peer, peer);
    attempt(store.put(room, peers));
    this.#say(['came', peers]);
  }

  left(peers: readonly number[]): void {
    const { room, store, attempt } = this.#options;
    const gone = peers.filter(peer => this.#own.delete(peer));
    if (gone.length === 0) return;
    attempt(store.take(room, gone));
    this.#say(['left', gone]);
  }

  steps(peer: number, steps: readonly LiveStep[]): void {
    if (!this.#isClosed) this.#say(['live', peer, steps]);
  }

  close(): void {
    if (this.#isClosed) return;
    this.left([...this.#own.keys()]);
    this.#isClosed = true;
    this.suspend();
    this.#markReady();
    this.#options.onClosed();
  }

  /** The session is over. Messages are dropped until `listen`. */
  suspend(): void {
    this.#session = undefined;
    this.#intake = 'drop';
    this.#early = [];
    this.#others.suspend();
    this.#doubtedInk.clear();
  }

  /** Subscribes, and writes who is here. Resolves when Redis has done both. @throws RedisError */
  async listen(session: Subscribing): Promise<void> {
    if (this.#isClosed) return;
    this.#session = session;
    await Promise.all([session.subscribe(this.channel), this.refresh()]);
    if (this.#session === session) this.#intake = 'buffer';
  }

  /** Writes again who is here. @throws RedisError */
  async refresh(): Promise<void> {
    await this.#options.store.put(this.#options.room, [...this.#own.values()]);
  }

  /**
   * Reads who is there on other nodes, and asks these for the ink in progress. To be called after
   * `listen`.
   *
   * @throws RedisError
   */
  async read(): Promise<void> {
    const { room, node, store, nodes, attempt } = this.#options;
    const session = this.#session;
    const here = await store.read(room);
    const others = [...here.keys()].filter(other => other !== node);
    if (others.some(other => !nodes.isKnown(other))) await nodes.beat();
    if (!session || this.#session !== session) return;
    for (const other of this.#others.nodes) this.#doubtInk(other);
    for (const other of new Set([...others, ...this.#others.nodes])) this.#learn(other, here.get(other) ?? []);
    const stale = (here.get(node) ?? []).map(({ peer }) => peer).filter(peer => !this.#own.has(peer));
    attempt(store.take(room, stale));
    this.#intake = 'apply';
    for (const message of this.#early) this.#take(message);
    this.#early = [];
    // It asks for ink as well. Only now, so that what is answered is of people who are known.
    this.#say(['here', [...this.#own.values()]]);
    this.#markReady();
  }

  /**
   * The other nodes had time enough: whoever they did not tell of has left, and ink that did not go
   * on is dropped.
   */
  resolveDoubts(): void {
    for (const [node, left] of this.#others.resolveDoubts()) this.#tell(node, { came: [], left });
    this.#doubtedInk.resolveDoubts(this.#options.listener, (node, peer) => this.#others.has(node, peer));
  }

  receive(message: RedisMessage): void {
    if (this.#intake === 'apply') this.#take(message);
    else if (this.#intake === 'buffer') this.#early.push(message);
  }

  /** A node is seen to live, and was not before. */
  found(node: string): void {
    const came = this.#others.found(node);
    if (came.length === 0) return;
    this.#tell(node, { came, left: [] });
    // What they are drawing was told, and dropped, while they were not known here: it is asked for
    // once more.
    this.#say(['here', [...this.#own.values()]]);
    this.#options.listener.asked();
  }

  /** A node does not live any longer. @throws RedisError */
  async lost(node: string): Promise<void> {
    const { room, listener, store } = this.#options;
    const { wasHere, wasUnproven } = this.#others.lost(node);
    this.#doubtedInk.lost(node);
    if (wasHere) listener.lost(node);
    if (wasHere || wasUnproven) await store.forget(room, node);
  }

  /** Others may have missed what is in progress here. */
  askedByAll(): void {
    if (!this.#isClosed) this.#options.listener.asked();
  }

  /**
   * Takes what was read of a node. One that is not known to live may be lost, or may come back from
   * the same outage a moment later.
   */
  #learn(node: string, peers: readonly Peer[]): void {
    const { nodes } = this.#options;
    if (!nodes.lives(node)) {
      nodes.await(node);
      this.#others.unproven(node, peers);
    } else if (peers.length === 0) {
      this.#others.noneWritten(node);
    } else {
      this.#tell(node, this.#others.all(node, peers));
    }
  }

  #take({ node, said }: RedisMessage): void {
    const { listener, nodes } = this.#options;
    nodes.await(node);
    for (const one of said) {
      switch (one[0]) {
        case 'live':
          // This may arrive after its author has left: then nobody is told.
          if (!this.#others.has(node, one[1])) break;
          this.#doubtedInk.received(node, one[1], one[2]);
          listener.steps(node, one[1], one[2]);
          break;
        case 'kept':
          listener.events(one[1], one[2]);
          break;
        case 'came':
          this.#tell(node, { came: this.#others.came(node, one[1]), left: [] });
          break;
        case 'left':
          this.#tell(node, { came: [], left: this.#others.left(node, one[1]) });
          break;
        case 'here':
          this.#doubtInk(node);
          this.#tell(node, this.#others.all(node, one[1]));
          listener.asked();
          break;
      }
    }
  }

  /**
   * This node or that one may have been away, and what was told of ink meanwhile is lost. Ink that
   * goes on is told of anew.
   */
  #doubtInk(node: string): void {
    if (this.#doubtedInk.add(node, this.#others.of(node))) this.#options.onDoubt();
  }

  #tell(node: string, { came, left }: PeopleChange): void {
    const { listener } = this.#options;
    if (left.length > 0) listener.left(node, left);
    if (came.length > 0) listener.came(node, came);
  }

  #say(said: Said): void {
    this.#options.batch.add(this.#options.room, said);
  }
}
