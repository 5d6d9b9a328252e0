import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { RoomLink, RoomListener } from '../cluster.js';
import { UnconfirmedInk, RemotePresence, type PresenceChange } from './remote-presence.js';
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
  /** Handles the failure of work that nobody awaits. */
  readonly attempt: (work: Promise<unknown>) => void;
  /**
   * Some peers or strokes are unconfirmed: call `dropUnconfirmed` once the other nodes had time to
   * confirm them.
   */
  readonly onUnconfirmed: () => void;
  readonly onClosed: () => void;
}

/**
 * This node's part in a room that somebody of it is in. It subscribes to the room's channel, then
 * reads who is present, and then applies the messages that arrived meanwhile. Nodes write a change
 * of presence to Redis before they publish it, so a change that the read missed is in those
 * messages. After an outage all of this is repeated, and the listener is told the differences.
 */
export class LinkedRoom implements RoomLink {
  readonly #options: LinkedRoomOptions;
  readonly #own = new Map<number, Peer>();
  readonly #others: RemotePresence;
  readonly #unconfirmedInk = new UnconfirmedInk();
  /**
   * What happens to a message. `detached`: it is dropped, as it belongs to an earlier subscription
   * or an earlier one was lost. `reading`: it is kept until presence was read. `live`: it is
   * applied.
   */
  #mode: 'detached' | 'reading' | 'live' = 'detached';
  /** Messages that arrived while reading. */
  #early: RedisMessage[] = [];
  /** The session that holds the subscription. */
  #session: Subscribing | undefined;
  #isClosed = false;
  #markReady: () => void = () => undefined;

  readonly ready: Promise<void>;

  constructor(options: LinkedRoomOptions) {
    this.#options = options;
    this.#others = new RemotePresence(options.onUnconfirmed);
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
    this.#send(['came', peers]);
  }

  left(peers: readonly number[]): void {
    const { room, store, attempt } = this.#options;
    const gone = peers.filter(peer => this.#own.delete(peer));
    if (gone.length === 0) return;
    attempt(store.take(room, gone));
    this.#send(['left', gone]);
  }

  steps(peer: number, steps: readonly LiveStep[]): void {
    if (!this.#isClosed) this.#send(['live', peer, steps]);
  }

  close(): void {
    if (this.#isClosed) return;
    this.left([...this.#own.keys()]);
    this.#isClosed = true;
    this.detach();
    this.#markReady();
    this.#options.onClosed();
  }

  /** The session is over. Messages are dropped until `subscribe`. */
  detach(): void {
    this.#session = undefined;
    this.#mode = 'detached';
    this.#early = [];
    this.#others.detach();
    this.#unconfirmedInk.clear();
  }

  /** Subscribes, and writes who is here. Resolves when Redis has done both. @throws RedisError */
  async subscribe(session: Subscribing): Promise<void> {
    if (this.#isClosed) return;
    this.#session = session;
    await Promise.all([session.subscribe(this.channel), this.refresh()]);
    if (this.#session === session) this.#mode = 'reading';
  }

  /** Writes again who is here. @throws RedisError */
  async refresh(): Promise<void> {
    await this.#options.store.put(this.#options.room, [...this.#own.values()]);
  }

  /**
   * Reads who is present on other nodes, and asks these for strokes in progress. To be called after
   * `subscribe`.
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
    this.#mode = 'live';
    for (const message of this.#early) this.#take(message);
    this.#early = [];
    // This also asks for strokes in progress. Only now, so that the answers are of known peers.
    this.#send(['here', [...this.#own.values()]]);
    this.#markReady();
  }

  /**
   * The other nodes had time to confirm: peers that they did not announce have left, and strokes
   * that they did not send are dropped.
   */
  dropUnconfirmed(): void {
    for (const [node, left] of this.#others.dropMissing()) this.#notify(node, { came: [], left });
    this.#unconfirmedInk.dropUnconfirmed(this.#options.listener, (node, peer) => this.#others.has(node, peer));
  }

  receive(message: RedisMessage): void {
    if (this.#mode === 'live') this.#take(message);
    else if (this.#mode === 'reading') this.#early.push(message);
  }

  /** A node turned out to be alive. */
  found(node: string): void {
    const came = this.#others.found(node);
    if (came.length === 0) return;
    this.#notify(node, { came, left: [] });
    // Strokes of its peers were dropped while the peers were unknown here: ask for them again.
    this.#send(['here', [...this.#own.values()]]);
    this.#options.listener.asked();
  }

  /** A node is dead. @throws RedisError */
  async lost(node: string): Promise<void> {
    const { room, listener, store } = this.#options;
    const { wasHere, wasUnproven } = this.#others.lost(node);
    this.#unconfirmedInk.lost(node);
    if (wasHere) listener.lost(node);
    if (wasHere || wasUnproven) await store.forget(room, node);
  }

  /** Others may have missed strokes in progress here: sends them again. */
  resendInk(): void {
    if (!this.#isClosed) this.#options.listener.asked();
  }

  /**
   * Applies what was read of a node. One that is not known to be alive may be dead, or may come
   * back from the same outage a moment later.
   */
  #learn(node: string, peers: readonly Peer[]): void {
    const { nodes } = this.#options;
    if (!nodes.lives(node)) {
      nodes.await(node);
      this.#others.unproven(node, peers);
    } else if (peers.length === 0) {
      this.#others.noneWritten(node);
    } else {
      this.#notify(node, this.#others.all(node, peers));
    }
  }

  #take({ node, said }: RedisMessage): void {
    const { listener, nodes } = this.#options;
    nodes.await(node);
    for (const one of said) {
      switch (one[0]) {
        case 'live':
          // This may arrive after its author has left.
          if (!this.#others.has(node, one[1])) break;
          this.#unconfirmedInk.heard(node, one[1], one[2]);
          listener.steps(node, one[1], one[2]);
          break;
        case 'kept':
          listener.events(one[1], one[2]);
          break;
        case 'came':
          this.#notify(node, { came: this.#others.came(node, one[1]), left: [] });
          break;
        case 'left':
          this.#notify(node, { came: [], left: this.#others.left(node, one[1]) });
          break;
        case 'here':
          this.#doubtInk(node);
          this.#notify(node, this.#others.all(node, one[1]));
          listener.asked();
          break;
      }
    }
  }

  /**
   * This node or the other may have been cut off, and have missed steps of strokes. Strokes that go
   * on are sent again.
   */
  #doubtInk(node: string): void {
    if (this.#unconfirmedInk.add(node, this.#others.of(node))) this.#options.onUnconfirmed();
  }

  #notify(node: string, { came, left }: PresenceChange): void {
    const { listener } = this.#options;
    if (left.length > 0) listener.left(node, left);
    if (came.length > 0) listener.came(node, came);
  }

  #send(said: Said): void {
    this.#options.batch.add(this.#options.room, said);
  }
}
