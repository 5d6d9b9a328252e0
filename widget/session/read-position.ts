import type { Platform } from './platform.js';
import { Timer } from './timer.js';

/** How often the position is told at most, in milliseconds. */
const INTERVAL = 500;

/** How far the person has read, told to the server now and then and only ever forward. */
export class ReadPosition {
  readonly #tell: (seq: number) => Promise<unknown>;
  readonly #timer: Timer;
  #reached = 0;
  #told = 0;

  /** `tell` rejects where the server can't be told; it is tried again with the next connection. */
  constructor(tell: (seq: number) => Promise<unknown>, platform: Platform) {
    this.#tell = tell;
    this.#timer = new Timer(platform);
  }

  reach(seq: number): void {
    this.#reached = Math.max(this.#reached, seq);
    if (this.#reached > this.#told && !this.#timer.running) this.#timer.start(INTERVAL, () => void this.#flush());
  }

  /** There is a connection, and this is what the server knows. */
  restart(known: number): void {
    this.#told = known;
    this.reach(known);
  }

  /**
   * Nothing more will be read. What was reached last and not told yet is told at once.
   *
   * @returns when that has been answered; undefined where there is nothing to tell
   */
  stop(): Promise<void> | undefined {
    if (!this.#timer.running) return undefined;
    this.#timer.stop();
    return this.#flush();
  }

  async #flush(): Promise<void> {
    this.#told = this.#reached;
    try {
      await this.#tell(this.#reached);
    } catch {
      // Told again with the next connection.
    }
  }
}
