import type { Peer } from '../../../protocol/conversation.js';
import { LIMITS } from '../../../protocol/limits.js';

/** Who came and who left since last told, and how many are here now. */
export interface PresenceChange {
  readonly came: readonly Peer[];
  readonly left: readonly number[];
  readonly count: number;
}

/**
 * Collects comings and goings. Who came and left in between is told as one who left, because somebody who came between the two
 * has them listed.
 */
export class PresenceDiff {
  readonly #came = new Map<number, Peer>();
  readonly #left = new Set<number>();

  /** Came, or is now called otherwise or has another role. */
  came(peer: Peer): void {
    this.#came.set(peer.peer, peer);
  }

  left(peer: number): void {
    this.#came.delete(peer);
    this.#left.add(peer);
  }

  told(count: number): PresenceChange {
    return { came: [...this.#came.values()].slice(0, LIMITS.peersListed), left: [...this.#left], count };
  }
}
