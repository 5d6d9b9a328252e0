import type { Peer } from '../../../protocol/conversation.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { Clock } from '../../clock.js';

/** Who came and who left since the last change. */
export interface PresenceDiff {
  readonly came: readonly Peer[];
  readonly left: readonly number[];
}

/** The same, with the present number of peers. */
export interface PresenceChange extends PresenceDiff {
  readonly count: number;
}

/** Milliseconds between two changes of presence. */
export const PRESENCE_INTERVAL = 100;

/**
 * Collects arrivals and departures, and reports them at most once in PRESENCE_INTERVAL. A peer who
 * came and left in between is reported as left, because somebody who entered meanwhile has them in
 * their list.
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

  /** A peer came, or changed name or role. */
  came(peer: Peer): void {
    this.#came.set(peer.peer, peer);
    this.#wake();
  }

  left(peer: number): void {
    this.#came.delete(peer);
    this.#left.add(peer);
    this.#wake();
  }

  /** Drops what is not reported yet. */
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
