import type { Peer } from '../../../protocol/conversation.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { Clock } from '../../clock.js';

/** Who came and who left since last told. */
export interface PresenceDiff {
  readonly came: readonly Peer[];
  readonly left: readonly number[];
}

/** The same, and how many are there now. */
export interface PresenceChange extends PresenceDiff {
  readonly count: number;
}

/** Milliseconds between two changes of presence. */
export const PRESENCE_INTERVAL = 100;

/**
 * Collects comings and goings, and tells of them at most once in PRESENCE_INTERVAL. Who came and
 * left in between is told as one who left, because somebody who came between the two has them
 * listed.
 */
export class PresenceNews {
  readonly #clock: Clock;
  readonly #tell: (diff: PresenceDiff) => void;
  #came = new Map<number, Peer>();
  #left = new Set<number>();
  #lastTold = -Infinity;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, tell: (diff: PresenceDiff) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Came, or is now called otherwise or has another role. */
  came(peer: Peer): void {
    this.#came.set(peer.peer, peer);
    this.#wake();
  }

  left(peer: number): void {
    this.#came.delete(peer);
    this.#left.add(peer);
    this.#wake();
  }

  /** Forgets what is untold. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#take();
  }

  #wake(): void {
    if (this.#cancel) return;
    const rest = this.#lastTold + PRESENCE_INTERVAL - this.#clock.now();
    this.#cancel = this.#clock.after(Math.max(0, rest), () => {
      this.#cancel = undefined;
      this.#lastTold = this.#clock.now();
      this.#tell(this.#take());
    });
  }

  #take(): PresenceDiff {
    const diff = { came: [...this.#came.values()].slice(0, LIMITS.peersListed), left: [...this.#left] };
    this.#came = new Map();
    this.#left = new Set();
    return diff;
  }
}
