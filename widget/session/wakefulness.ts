import type { Platform } from './platform.js';
import { Timer } from './timer.js';

/** How often the clock is looked at, and how late that may be, in milliseconds. */
const INTERVAL = 5_000;
const LATE = 10_000;

/** What is to be done when we wake, and when we are sent to sleep. */
export interface Sleeper {
  wake(): void;
  sleep(): void;
}

/**
 * Notices sleep. The platform tells of networks and of pages that are put aside; of a closed laptop
 * nobody tells: there the clock has gone on while our timers stood still. A clock that somebody
 * sets forward looks the same, and a wake too many does no harm.
 */
export class Wakefulness {
  readonly #platform: Platform;
  readonly #sleeper: Sleeper;
  readonly #timer: Timer;
  #unsubscribe: (() => void) | undefined;

  constructor(platform: Platform, sleeper: Sleeper) {
    this.#platform = platform;
    this.#sleeper = sleeper;
    this.#timer = new Timer(platform);
  }

  start(): void {
    this.#unsubscribe ??= this.#platform.onWake(
      () => this.#sleeper.wake(),
      () => this.#sleeper.sleep(),
    );
    this.#watch();
  }

  stop(): void {
    this.#timer.stop();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #watch(): void {
    const due = this.#platform.now() + INTERVAL;
    this.#timer.start(INTERVAL, () => {
      this.#watch();
      if (this.#platform.now() - due > LATE) this.#sleeper.wake();
    });
  }
}
