import type { Platform } from './platform.js';

/**
 * The longest delay that timers of browsers know, in milliseconds: anything longer would be no
 * delay at all.
 */
const LONGEST = 2 ** 31 - 1;
/** No server is waited for longer than this because it says so, in milliseconds. */
const OBEYED = 600_000;

/**
 * One thing that is to happen later: starting it anew calls off what was to come. Counts a
 * duration, whatever the clock shows.
 */
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
    this.#cancel = this.#platform.after(Math.min(ms, LONGEST), () => {
      this.#cancel = undefined;
      task();
    });
  }

  /**
   * Runs `task` once when it is worth trying again: at any moment within a time that begins with a
   * second and doubles with each failure, up to half a minute, so that a thousand clients that were
   * cut off together do not come back together.
   *
   * @param after milliseconds that the server asks for: at least so long, and again not all at one
   *   moment
   */
  backOff(failures: number, task: () => void, after = 0): void {
    const chance = this.#platform.random();
    this.start(
      after > 0 ? Math.min(after, OBEYED) * (1 + chance / 4) : Math.min(30_000, 1_000 * 2 ** failures) * chance,
      task,
    );
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

/** What `promise` comes to; rejects where that takes longer than `ms` milliseconds. */
export function inTime<Value>(platform: Platform, ms: number, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = platform.after(ms, () => reject(new Error(`Nothing came within ${ms} ms.`)));
    promise.then(resolve, reject).finally(cancel);
  });
}
