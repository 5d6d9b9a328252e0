import type { Platform } from './platform.js';

/** One thing that is to happen later: starting it anew calls off what was to come. */
export class Timer {
  readonly #platform: Platform;
  #cancel: (() => void) | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  get running(): boolean {
    return this.#cancel !== undefined;
  }

  /** Runs `task` once, `ms` milliseconds from now. */
  start(ms: number, task: () => void): void {
    this.stop();
    this.#cancel = this.#platform.after(ms, () => {
      this.#cancel = undefined;
      task();
    });
  }

  /**
   * Runs `task` once after a delay that doubles with each failure, up to half a minute. Somewhere between half and all of it, so that
   * a thousand clients that were cut off together do not come back together.
   */
  backOff(failures: number, task: () => void): void {
    this.start(Math.min(30_000, 500 * 2 ** failures) * (0.5 + this.#platform.random() / 2), task);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
