import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import { isSamePeer, type RoomListener } from '../cluster.js';

/** What is to be told of a node's people so that somebody knows them all. */
export interface PeopleChange {
  readonly came: readonly Peer[];
  readonly left: readonly number[];
}

/**
 * The people of the other nodes in a room, as they were told; and what was read of them and is not
 * sure yet: people of a node that may not live, and people who are not written any more.
 */
export class OtherPeople {
  readonly #onDoubt: () => void;
  /** By node and number. */
  readonly #here = new Map<string, Map<number, Peer>>();
  /**
   * Of nodes that are not known to live: who was read, and whoever was heard to come there since.
   */
  readonly #unproven = new Map<string, Map<number, Peer>>();
  /**
   * Of nodes that live: who is not written after an outage. They have left, or Redis has forgotten
   * them and their node tells of them.
   */
  readonly #missing = new Map<string, Set<number>>();

  /**
   * @param onDoubt called when somebody is missing: `resolveDoubts` is to be called when their node
   *   had time enough to tell of them
   */
  constructor(onDoubt: () => void) {
    this.#onDoubt = onDoubt;
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
   * A node says that these came.
   *
   * @returns what is new of it: who comes may be read and be told of, in whatever order
   */
  came(node: string, peers: readonly Peer[]): readonly Peer[] {
    for (const peer of peers) {
      this.#missing.get(node)?.delete(peer.peer);
      this.#unproven.get(node)?.set(peer.peer, peer);
    }
    return this.#add(node, peers);
  }

  /** A node says that these left. @returns those who were here */
  left(node: string, peers: readonly number[]): readonly number[] {
    for (const peer of peers) this.#unproven.get(node)?.delete(peer);
    return this.#remove(node, peers);
  }

  /**
   * A node says that these are all who are here on it, or that is read of one that lives.
   *
   * @returns what is new of it
   */
  all(node: string, peers: readonly Peer[]): PeopleChange {
    const here = new Set(peers.map(({ peer }) => peer));
    this.#missing.delete(node);
    this.#unproven.delete(node);
    const came = this.#add(node, peers);
    return { came, left: this.#remove(node, this.#othersThan(here, node)) };
  }

  /** Nobody of a node that lives is written. */
  noneWritten(node: string): void {
    this.#miss(node, this.of(node));
  }

  /** These were read of a node that is not known to live. They come when it is `found`. */
  unproven(node: string, peers: readonly Peer[]): void {
    this.#unproven.set(node, new Map(peers.map(peer => [peer.peer, peer])));
  }

  /** A node is seen to live. @returns whoever is new of those who were read of it before */
  found(node: string): readonly Peer[] {
    const read = this.#unproven.get(node);
    if (!read) return [];
    this.#unproven.delete(node);
    this.#miss(node, this.#othersThan(read, node));
    return this.#add(node, [...read.values()]);
  }

  /**
   * A node is lost.
   *
   * @returns whether it had somebody here, and whether anybody was read of it who was not sure
   */
  lost(node: string): { readonly wasHere: boolean; readonly wasUnproven: boolean } {
    this.#missing.delete(node);
    return { wasHere: this.#here.delete(node), wasUnproven: this.#unproven.delete(node) };
  }

  /** Whoever is still missing has left. @returns by node, who has */
  resolveDoubts(): ReadonlyMap<string, readonly number[]> {
    const left = new Map([...this.#missing].map(([node, peers]) => [node, this.#remove(node, [...peers])]));
    this.#missing.clear();
    return left;
  }

  /** The session is over: whatever was not sure is read again. */
  suspend(): void {
    this.#missing.clear();
    this.#unproven.clear();
  }

  /** They are not written. Their node is given time to say that they are there. */
  #miss(node: string, peers: readonly number[]): void {
    if (peers.length === 0) return;
    this.#missing.set(node, new Set(peers));
    this.#onDoubt();
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
 * Peers of other nodes whose strokes in progress may have ended while the link to their node was
 * down. Once it is up, the node repeats the strokes that go on. The others are over.
 */
export class DoubtedInk {
  readonly #nodes = new Map<string, Set<number>>();

  /** @returns whether there is anybody to doubt */
  add(node: string, peers: Iterable<number>): boolean {
    const doubted = new Set(peers);
    if (doubted.size > 0) this.#nodes.set(node, doubted);
    return doubted.size > 0;
  }

  /** Steps of a peer arrived. */
  received(node: string, peer: number, steps: readonly LiveStep[]): void {
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
   * The nodes had time enough to tell: what they did not tell of is over.
   *
   * @param isHere whether a peer has not left meanwhile
   */
  resolveDoubts(listener: Pick<RoomListener, 'steps'>, isHere: (node: string, peer: number) => boolean): void {
    for (const [node, peers] of this.#nodes) {
      for (const peer of peers) if (isHere(node, peer)) listener.steps(node, peer, [['drop']]);
    }
    this.clear();
  }
}
