import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import { isSamePeer } from '../../cluster/cluster.js';
import type { LiveRoom } from './live-room.js';

/**
 * Peers of other nodes in a room. Each also gets a number on this node, because the numbers that
 * clients know are valid on one node alone.
 */
export class RemotePeers {
  readonly #live: LiveRoom;
  /** By node and by number there: the peer with its number here. */
  readonly #nodes = new Map<string, Map<number, Peer>>();

  constructor(live: LiveRoom) {
    this.#live = live;
  }

  /** Peers came, or changed name or role. They may also be repeated, since messages can be lost. */
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

  /** Steps of an unknown peer are dropped. */
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
