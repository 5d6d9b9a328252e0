import type { Platform } from './platform.js';
import { Timer } from './timer.js';

/** How often the position is told at most, in milliseconds. */
const INTERVAL = 500;

/** How far the person has read, told to the server now and then and only ever forward. */
export class ReadPosition {
  readonly #tell: (seq: number) => Promise<{ readonly ok: boolean }>;
  readonly #timer: Timer;
  #reached = 0;
  #told = 0;
  /** What the server has kept. */
  #kept = 0;

  /**
   * `tell` answers whether it was kept, and rejects where the server can't be told; then it is
   * tried again.
   */
  constructor(tell: (seq: number) => Promise<{ readonly ok: boolean }>, platform: Platform) {
    this.#tell = tell;
    this.#timer = new Timer(platform);
  }

  reach(seq: number): void {
    this.#reached = Math.max(this.#reached, seq);
    if (this.#reached > this.#told && !this.#timer.running) this.#timer.start(INTERVAL, () => void this.#flush());
  }

  /** There is a connection, and this is what the server knows. */
  restart(known: number): void {
    // Positions only ever rise: where this one fell the timeline is another one, and nothing of it
    // was read.
    if (known < this.#kept) this.#reached = known;
    this.#told = this.#kept = known;
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
    const reached = (this.#told = this.#reached);
    try {
      if ((await this.#tell(reached)).ok) this.#kept = Math.max(this.#kept, reached);
    } catch {
      // There is no connection: the next one tells how far the server knows.
    }
    // What was not kept is told again, when there is more to tell at the latest.
    this.#told = this.#kept;
  }
}
