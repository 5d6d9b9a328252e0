import type { Peer } from '../../../protocol/conversation.js';

/** What is to be told of a node's people so that somebody knows them all. */
export interface PeopleChange {
  readonly came: readonly Peer[];
  readonly left: readonly number[];
}

/** The people of the other nodes in a room, as they were told. */
export class OtherPeople {
  readonly #nodes = new Map<string, Map<number, Peer>>();

  /** The nodes that have somebody here. */
  get nodes(): readonly string[] {
    return [...this.#nodes.keys()];
  }

  /** The peers of a node. */
  of(node: string): Iterable<number> {
    return this.#nodes.get(node)?.keys() ?? [];
  }

  has(node: string, peer: number): boolean {
    return this.#nodes.get(node)?.has(peer) ?? false;
  }

  /** @returns what is new of it: who comes may be read and be told of, in whatever order */
  came(node: string, peers: readonly Peer[]): readonly Peer[] {
    const known = this.#nodes.get(node) ?? new Map<number, Peer>();
    const news = peers.filter(peer => !isSame(known.get(peer.peer), peer));
    for (const peer of news) known.set(peer.peer, peer);
    if (known.size > 0) this.#nodes.set(node, known);
    return news;
  }

  /** @returns those who were here */
  left(node: string, peers: readonly number[]): number[] {
    const known = this.#nodes.get(node);
    const gone = peers.filter(peer => known?.delete(peer));
    if (known?.size === 0) this.#nodes.delete(node);
    return gone;
  }

  /** These are all who are here on a node. @returns what is new of it */
  all(node: string, peers: readonly Peer[]): PeopleChange {
    const here = new Set(peers.map(({ peer }) => peer));
    const came = this.came(node, peers);
    const gone = [...this.of(node)].filter(peer => !here.has(peer));
    return { came, left: this.left(node, gone) };
  }

  /** @returns whether a node had somebody here */
  lost(node: string): boolean {
    return this.#nodes.delete(node);
  }
}

function isSame(known: Peer | undefined, peer: Peer): boolean {
  return (
    known?.person.id === peer.person.id &&
    known.person.name === peer.person.name &&
    known.person.guest === peer.person.guest &&
    known.role === peer.role
  );
}
