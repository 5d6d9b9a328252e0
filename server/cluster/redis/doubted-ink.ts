import type { LiveStep } from '../../../protocol/conversation.js';
import type { RoomListener } from '../cluster.js';

/**
 * Peers of other nodes whose strokes in progress may have ended while their node was not heard. When it is heard again it tells of the strokes
 * that go on. Those of which it does not tell are over.
 */
export class DoubtedInk {
  readonly #nodes = new Map<string, Set<number>>();

  /** @returns whether there is anybody to doubt */
  add(node: string, peers: Iterable<number>): boolean {
    const doubted = new Set(peers);
    if (doubted.size > 0) this.#nodes.set(node, doubted);
    return doubted.size > 0;
  }

  /** A peer is heard. */
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

  /** The nodes had time enough to tell: what they did not tell of is over. @param isHere whether a peer has not left meanwhile */
  settle(listener: Pick<RoomListener, 'steps'>, isHere: (node: string, peer: number) => boolean): void {
    for (const [node, peers] of this.#nodes) {
      for (const peer of peers) if (isHere(node, peer)) listener.steps(node, peer, [['drop']]);
    }
    this.clear();
  }
}
