import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import { isSamePeer } from '../../cluster/cluster.js';
import type { LiveRoom } from './live-room.js';

/**
 * The people whom other nodes have in a room. Each of them has a number of this node's in the room
 * as well: what clients are told of peers means something on one node alone.
 */
export class RemotePeers {
  readonly #live: LiveRoom;
  /** By node, and by the number that they have there: as they are called here. */
  readonly #nodes = new Map<string, Map<number, Peer>>();

  constructor(live: LiveRoom) {
    this.#live = live;
  }

  /**
   * Came, or is now called otherwise or has another role; or is told of again, since that may have
   * been lost.
   */
  came(node: string, peers: readonly Peer[]): void {
    let known = this.#nodes.get(node);
    if (!known) {
      known = new Map();
      this.#nodes.set(node, known);
    }
    for (const { peer: there, person, role } of peers) {
      const before = known.get(there);
      if (isSamePeer(before, { person, role })) continue;
      const peer = before?.peer ?? this.#live.enter(person, role, 'elsewhere');
      if (before) this.#live.change(peer, person, role);
      known.set(there, { peer, person, role });
    }
  }

  left(node: string, peers: readonly number[]): void {
    const known = this.#nodes.get(node);
    for (const there of peers) {
      const gone = known?.get(there);
      if (gone) this.#live.leave(gone.peer);
      known?.delete(there);
    }
    if (known?.size === 0) this.#nodes.delete(node);
  }

  /** What somebody did of whom nobody told is nobody's. */
  steps(node: string, peer: number, steps: readonly LiveStep[]): void {
    const known = this.#nodes.get(node)?.get(peer);
    if (known) this.#live.take(known.peer, steps);
  }

  /** A node is lost, with everyone on it. */
  lost(node: string): void {
    const gone = this.#nodes.get(node)?.values() ?? [];
    this.#nodes.delete(node);
    for (const { peer } of gone) this.#live.lose(peer);
  }
}
