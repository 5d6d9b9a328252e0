import type { longPolling } from './long-polling.js';
import type { Platform } from './platform.js';
import { Timer } from './timer.js';
import type { Transports } from './wire.js';

/**
 * How long a connection may take to be made, in milliseconds: a hanging WebSocket is given up soon,
 * polling may be slow.
 */
const PATIENCE = { websocket: 4_000, polling: 12_000 } as const;

/** A way to be connected. */
export type Transport = 'websocket' | 'polling';

/** Loads the code of long-polling. */
type LoadPolling = () => Promise<{ readonly longPolling: typeof longPolling }>;

/**
 * After so many connections in a row that did not last, a WebSocket is not trusted for so long, in
 * milliseconds.
 */
const STUMBLES = 3;
const DISTRUST = 600_000;

/**
 * The ways to be connected, one after the other. Socket.IO could fall back by itself, but not from
 * a WebSocket that hangs or is cut again and again, and it would need the code of every way
 * beforehand.
 */
export class TransportChoice {
  readonly #wanted: readonly Transport[];
  readonly #loadPolling: LoadPolling;
  /** Runs while only long-polling will do. */
  readonly #distrust: Timer;
  #next = 0;
  #stumbles = 0;

  /** @param wanted in order of preference */
  constructor(
    platform: Platform,
    wanted: readonly Transport[] = ['websocket', 'polling'],
    loadPolling: LoadPolling = () => import('./long-polling.js'),
  ) {
    this.#wanted = wanted;
    this.#loadPolling = loadPolling;
    this.#distrust = new Timer(platform);
  }

  /** The way to try now. */
  get present(): Transport {
    return this.#distrust.running ? 'polling' : (this.#wanted[this.#next] ?? 'websocket');
  }

  /** How long it may take, in milliseconds. */
  get patience(): number {
    return PATIENCE[this.present];
  }

  /** What to connect by. Rejects where the code for it can't be loaded. */
  async load(): Promise<Transports> {
    if (this.present === 'websocket') return ['websocket'];
    const alone = this.#distrust.running || !this.#wanted.includes('websocket');
    try {
      const { longPolling: polling } = await this.#loadPolling();
      return alone ? polling.alone : polling.first;
    } catch (error) {
      // Some browsers remember for ever that a module could not be loaded: the next attempt does
      // without it.
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
    this.#next = this.#distrust.running ? 0 : (this.#next + 1) % this.#wanted.length;
    this.#distrust.stop();
    return this.#next > 0;
  }

  /**
   * A connection was made, and cut before it had proved good: some networks do that to every
   * WebSocket.
   */
  stumble(): void {
    this.#stumbles += 1;
    if (this.#stumbles < STUMBLES) return;
    const blameless = this.#distrust.running || this.#wanted.length < 2;
    this.anew();
    if (!blameless) this.#distrust.start(DISTRUST, () => this.anew());
  }

  /** A connection has proved good. */
  stand(): void {
    this.#stumbles = 0;
  }

  /** This may be another network: begins with what is wanted first. Nothing of it runs on. */
  anew(): void {
    this.#distrust.stop();
    this.#next = 0;
    this.#stumbles = 0;
  }
}
