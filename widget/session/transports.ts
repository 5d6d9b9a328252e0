import type { Transports } from './wire.js';

/** A way to be connected. */
export type Transport = 'websocket' | 'polling';

/**
 * The ways to be connected, one after the other. Socket.IO could fall back by itself, but not from a WebSocket that hangs, and it
 * would need the code of every way beforehand.
 */
export class TransportChoice {
  readonly #wanted: readonly Transport[];
  #next = 0;

  /** @param wanted in order of preference */
  constructor(wanted: readonly Transport[] = ['websocket', 'polling']) {
    this.#wanted = wanted;
  }

  /** The way to try now. */
  get present(): Transport {
    return this.#wanted[this.#next] ?? 'websocket';
  }

  /** What to connect by. Rejects where the code for it can't be loaded. */
  async load(): Promise<Transports> {
    if (this.present === 'websocket') return ['websocket'];
    const { longPolling } = await import('./long-polling.js');
    return this.#wanted.includes('websocket') ? longPolling.first : longPolling.alone;
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
