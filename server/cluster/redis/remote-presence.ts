import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import { isSamePeer, type RoomListener } from '../cluster.js';

/** How the people of a node in a room have changed. */
export interface PresenceChange {
  readonly came: readonly Peer[];
  readonly left: readonly number[];
}

/**
 * The people of other nodes in a room. Some are known from messages. Others are not confirmed yet:
 * people read from Redis whose node may be dead, and people who are missing in Redis after an
 * outage.
 */
export class RemotePresence {
  readonly #onUnconfirmed: () => void;
  /** By node and number. */
  readonly #here = new Map<string, Map<number, Peer>>();
  /** For nodes not known to be alive: who was read from Redis, and who has come there since. */
  readonly #unproven = new Map<string, Map<number, Peer>>();
  /**
   * For live nodes: who is missing in Redis after an outage. Either they have left, or Redis lost
   * them and their node will announce them again.
   */
  readonly #missing = new Map<string, Set<number>>();

  /**
   * @param onUnconfirmed called when somebody is missing: call `dropMissing` once their node had
   *   time to announce them
   */
  constructor(onUnconfirmed: () => void) {
    this.#onUnconfirmed = onUnconfirmed;
  }

  /** The nodes that have somebody here. */
  get nodes(): readonly string[] {
    return [...this.#here.keys()];
  }

  /** The peers of a node. */
  of(node: string): readonly number[] {
    return [...(this.#here.get(node)?.keys() ?? [])];
  }

  has(node: string, peer: number): boolean {
    return this.#here.get(node)?.has(peer) ?? false;
  }

  /**
   * A node announced these peers.
   *
   * @returns those that are new: a peer may be read and announced, in any order
   */
  came(node: string, peers: readonly Peer[]): readonly Peer[] {
    for (const peer of peers) {
      this.#missing.get(node)?.delete(peer.peer);
      this.#unproven.get(node)?.set(peer.peer, peer);
    }
    return this.#add(node, peers);
  }

  /** A node announced that these peers left. @returns those who were here */
  left(node: string, peers: readonly number[]): readonly number[] {
    for (const peer of peers) this.#unproven.get(node)?.delete(peer);
    return this.#remove(node, peers);
  }

  /**
   * The complete list of a live node's peers here, announced or read.
   *
   * @returns what has changed by it
   */
  all(node: string, peers: readonly Peer[]): PresenceChange {
    const here = new Set(peers.map(({ peer }) => peer));
    this.#missing.delete(node);
    this.#unproven.delete(node);
    const came = this.#add(node, peers);
    return { came, left: this.#remove(node, this.#othersThan(here, node)) };
  }

  /** Redis holds no peers of this live node. */
  noneWritten(node: string): void {
    this.#miss(node, this.of(node));
  }

  /** These were read of a node that is not known to be alive. They come once it is `found`. */
  unproven(node: string, peers: readonly Peer[]): void {
    this.#unproven.set(node, new Map(peers.map(peer => [peer.peer, peer])));
  }

  /** A node turned out to be alive. @returns the new ones of those that were read before */
  found(node: string): readonly Peer[] {
    const read = this.#unproven.get(node);
    if (!read) return [];
    this.#unproven.delete(node);
    this.#miss(node, this.#othersThan(read, node));
    return this.#add(node, [...read.values()]);
  }

  /** A node is lost. @returns whether it had somebody here, and whether any were unproven */
  lost(node: string): { readonly wasHere: boolean; readonly wasUnproven: boolean } {
    this.#missing.delete(node);
    return { wasHere: this.#here.delete(node), wasUnproven: this.#unproven.delete(node) };
  }

  /** Peers that are still missing have left. @returns them, by node */
  dropMissing(): ReadonlyMap<string, readonly number[]> {
    const left = new Map([...this.#missing].map(([node, peers]) => [node, this.#remove(node, [...peers])]));
    this.#missing.clear();
    return left;
  }

  /** The subscription is over. What was unconfirmed will be read again. */
  detach(): void {
    this.#missing.clear();
    this.#unproven.clear();
  }

  /** These are missing in Redis. Their node gets time to announce them again. */
  #miss(node: string, peers: readonly number[]): void {
    if (peers.length === 0) return;
    this.#missing.set(node, new Set(peers));
    this.#onUnconfirmed();
  }

  #othersThan(peers: { has(peer: number): boolean }, node: string): readonly number[] {
    return this.of(node).filter(peer => !peers.has(peer));
  }

  #add(node: string, peers: readonly Peer[]): readonly Peer[] {
    const here = this.#here.get(node) ?? new Map<number, Peer>();
    const news = peers.filter(peer => !isSamePeer(here.get(peer.peer), peer));
    for (const peer of news) here.set(peer.peer, peer);
    if (here.size > 0) this.#here.set(node, here);
    return news;
  }

  #remove(node: string, peers: readonly number[]): readonly number[] {
    const here = this.#here.get(node);
    const gone = peers.filter(peer => here?.delete(peer));
    if (here?.size === 0) this.#here.delete(node);
    return gone;
  }
}

/**
 * Peers whose strokes in progress may have ended while their node was unreachable. When it is back,
 * it sends the strokes that go on. Those that it does not send are over.
 */
export class UnconfirmedInk {
  readonly #nodes = new Map<string, Set<number>>();

  /** @returns whether there are any such peers */
  add(node: string, peers: Iterable<number>): boolean {
    const doubted = new Set(peers);
    if (doubted.size > 0) this.#nodes.set(node, doubted);
    return doubted.size > 0;
  }

  /** Steps of a peer have arrived. */
  heard(node: string, peer: number, steps: readonly LiveStep[]): void {
    const doubted = this.#nodes.get(node);
    if (doubted && steps.some(([what]) => what === 'ink' || what === 'more' || what === 'drop')) doubted.delete(peer);
  }

  lost(node: string): void {
    this.#nodes.delete(node);
  }

  clear(): void {
    this.#nodes.clear();
  }

  /**
   * The nodes had time to send their strokes: drops those that they did not send.
   *
   * @param isHere whether a peer has not left meanwhile
   */
  dropUnconfirmed(listener: Pick<RoomListener, 'steps'>, isHere: (node: string, peer: number) => boolean): void {
    for (const [node, peers] of this.#nodes) {
      for (const peer of peers) if (isHere(node, peer)) listener.steps(node, peer, [['drop']]);
    }
    this.clear();
  }
}
