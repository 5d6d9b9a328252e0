import type { longPolling } from './long-polling.js';
import type { Transports } from './wire.js';

/** A way to be connected. */
export type Transport = 'websocket' | 'polling';

/** Loads the code of long-polling. */
type LoadPolling = () => Promise<{ readonly longPolling: typeof longPolling }>;

/**
 * The ways to be connected, one after the other. Socket.IO could fall back by itself, but not from a WebSocket that hangs, and it
 * would need the code of every way beforehand.
 */
export class TransportChoice {
  readonly #wanted: readonly Transport[];
  readonly #loadPolling: LoadPolling;
  #next = 0;

  /** @param wanted in order of preference */
  constructor(
    wanted: readonly Transport[] = ['websocket', 'polling'],
    loadPolling: LoadPolling = () => import('./long-polling.js'),
  ) {
    this.#wanted = wanted;
    this.#loadPolling = loadPolling;
  }

  /** The way to try now. */
  get present(): Transport {
    return this.#wanted[this.#next] ?? 'websocket';
  }

  /** What to connect by. Rejects where the code for it can't be loaded. */
  async load(): Promise<Transports> {
    if (this.present === 'websocket') return ['websocket'];
    const alone = !this.#wanted.includes('websocket');
    try {
      const { longPolling: polling } = await this.#loadPolling();
      return alone ? polling.alone : polling.first;
    } catch (error) {
      // Some browsers remember for ever that a module could not be loaded: the next attempt does without it.
      this.turn();
      throw error;
    }
  }

  /**
   * The present way led nowhere.
   *
   * @returns whether there is another one to try before all begins anew
   */
  turn(): boolean {
    this.#next = (this.#next + 1) % this.#wanted.length;
    return this.#next > 0;
  }
}
