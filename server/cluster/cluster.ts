/**
 * The port to the other nodes that serve the same sites. `single-node.ts` implements it where there
 * is one node, `redis/` where there are several. Nothing that is kept depends on it: what gets lost
 * between nodes is found in storage (see RoomStorage.heads and SharedStorage).
 */
import type { LiveStep, Peer } from '../../protocol/conversation.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { RoomKey } from '../domain/room-key.js';
import type { Rate } from '../limits/token-bucket.js';

export interface Cluster {
  /** This node's id: another one at each start. */
  readonly node: string;
  /**
   * Whether this node hears the others just now, and they hear it. While they do not, it
   * acknowledges nothing.
   */
  readonly connected: boolean;
  /**
   * Calls `listener` at each change of `connected`, until the function that is returned is called.
   */
  onConnected(listener: (connected: boolean) => void): () => void;

  /** Listens to a room, from when somebody is in it on this node until its link is closed. */
  link(room: RoomKey, listener: RoomListener): RoomLink;
  /**
   * Tells the people whom other nodes have in a room what was kept. Nobody of this node needs to be
   * in it.
   */
  announce(room: RoomKey, epoch: string, events: readonly AnyEvent[]): void;

  /** Tells the other nodes that a site, a key or a revocation was changed in storage. */
  tellSites(): void;
  /** Calls `listener` where another node has told so, or may have while it was not heard. */
  onSites(listener: () => void): () => void;

  readonly connections: SharedConnections;
  readonly budgets: SharedBudgets;

  /** For metrics. */
  readonly counters: ClusterCounters;

  /** Tells the others that the people of this node are gone. Harmless when called again. */
  close(): Promise<void>;
}

/** What this node knows of the others, and has said to them and heard of them since its start. */
export interface ClusterCounters {
  /** Nodes that live, this one included. */
  readonly nodes: number;
  readonly sent: ClusterTraffic;
  readonly received: ClusterTraffic;
  /**
   * Messages of other nodes that this one could not read: they are of another version, or not of a
   * node.
   */
  readonly ignored: number;
  /** How often this node was cut off from the others and has come back. */
  readonly reconnects: number;
}

/** Messages between nodes, and the bytes of what they say. */
export interface ClusterTraffic {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * What a room hears of the other nodes. Peers are numbered by their own node: the pair of both is
 * unique.
 */
export interface RoomListener {
  /**
   * These were kept by another node. Events 5 and 6 may be told in either order where two nodes
   * kept them.
   */
  events(epoch: string, events: readonly AnyEvent[]): void;
  /** These came on another node, or are now called otherwise, or have another role. */
  came(node: string, peers: readonly Peer[]): void;
  left(node: string, peers: readonly number[]): void;
  /** A peer did something that is not kept. */
  steps(node: string, peer: number, steps: readonly LiveStep[]): void;
  /**
   * A node was lost, with everyone on it: whatever they were drawing ends as if they had vanished.
   */
  lost(node: string): void;
  /**
   * Another node has begun to listen, and knows nothing yet of the ink in progress here: it is to
   * be told by `steps`.
   */
  asked(): void;
}

/** This node's part in a room. */
export interface RoomLink {
  /**
   * Resolves when the others are heard, and everyone who was there on their nodes has been told to
   * the listener.
   */
  readonly ready: Promise<void>;
  came(peers: readonly Peer[]): void;
  left(peers: readonly number[]): void;
  /** Forwarded in the order in which it comes. */
  steps(peer: number, steps: readonly LiveStep[]): void;
  /**
   * Stops listening, and takes back whoever of this node is still told of. Harmless when called
   * again.
   */
  close(): void;
}

/** How many connections the other nodes have. */
export interface SharedConnections {
  came(site: string, person: string): void;
  left(site: string, person: string): void;
  /** Those of all other nodes that live. */
  elsewhere(site: string, person: string): Promise<{ readonly ofSite: number; readonly ofPerson: number }>;
}

/** Something that was spent of a budget here and not told yet. */
export interface Spending {
  /** Whose budget, and in which respect: the same on every node. */
  readonly budget: string;
  readonly rate: Rate;
  readonly amount: number;
}

/**
 * Budgets that count over all nodes. Each node judges by its own copy at once, and settles it with
 * the others a few times a second.
 */
export interface SharedBudgets {
  /**
   * @returns what all nodes together have left of each, in the order given; negative where they
   *   spent too much meanwhile.
   */
  settle(spendings: readonly Spending[]): Promise<readonly number[]>;
}

/**
 * Whether a peer is who they were known to be, is called so and has the same role. By which number
 * is no matter: each node has its own.
 */
export function isSamePeer(known: Omit<Peer, 'peer'> | undefined, { person, role }: Omit<Peer, 'peer'>): boolean {
  return (
    known?.role === role &&
    known.person.id === person.id &&
    known.person.name === person.name &&
    known.person.guest === person.guest
  );
}
