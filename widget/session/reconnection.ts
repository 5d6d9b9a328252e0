import type { Platform } from './platform.js';
import { Timer } from './timer.js';

/**
 * A connection that has lasted this long, in milliseconds, and so has answered, is a good one: when
 * it is lost the next is tried soon.
 */
const GOOD = 15_000;
/**
 * One that has lasted this long, in milliseconds, was one: after it nobody waits longer than it
 * lasted, however often that happens.
 */
const BRIEF = 1_000;
/** Who wakes comes back within this time, in milliseconds: all tabs of a device wake together. */
const WAKING = 500;
/** Who is awake so long after they were sent to sleep, in milliseconds, does not sleep. */
const DOZING = 5_000;

export interface ReconnectionOptions {
  readonly platform: Platform;
  /** It is time for another attempt. */
  readonly connect: () => void;
  /** The present connection has proved good. */
  readonly good: () => void;
}

/**
 * When the next attempt at a connection comes: the later, the more of them have failed in a row.
 */
export class Reconnection {
  readonly #options: ReconnectionOptions;
  /** The next attempt, or the end of the present one. */
  readonly #next: Timer;
  /** Runs while the connection is too young to be called good. */
  readonly #youth: Timer;
  /** How often in a row it failed. */
  #failures = 0;
  /** Since when the connection is there, in `elapsed` time. */
  #since = 0;
  /** Whether the next attempt may come sooner than it is meant to. */
  #mayHurry = false;

  constructor(options: ReconnectionOptions) {
    this.#options = options;
    this.#next = new Timer(options.platform);
    this.#youth = new Timer(options.platform);
  }

  /** Whether there is a connection that has not proved good yet. */
  get isYoung(): boolean {
    return this.#youth.running;
  }

  /** Nothing has failed so far. */
  reset(): void {
    this.#failures = 0;
  }

  /** Nothing that was to come comes. */
  stop(): void {
    this.#next.stop();
    this.#youth.stop();
  }

  /** An attempt has begun, which may take so many milliseconds. */
  begin(patience: number, giveUp: () => void): void {
    this.#next.start(patience, giveUp);
  }

  /** The attempt has succeeded. */
  succeed(): void {
    this.#next.stop();
    this.#since = this.#options.platform.elapsed();
    this.#youth.start(GOOD, () => {
      this.reset();
      this.#options.good();
    });
  }

  /** The connection was lost. */
  lose(): void {
    const lasted = (this.#options.platform.elapsed() - this.#since) / BRIEF;
    // Times to wait double with each failure, from as long as that.
    if (lasted >= 1) this.#failures = Math.min(this.#failures, Math.floor(Math.log2(lasted)));
  }

  /** @param retryAfter milliseconds that the server asks for */
  retryLater(retryAfter: number | undefined): void {
    this.#mayHurry = !retryAfter;
    this.#next.backOff(this.#failures, this.#options.connect, retryAfter);
    this.#failures += 1;
  }

  /** The device has woken: what was to come later comes soon. */
  hurry(): void {
    this.reset();
    const { platform, connect } = this.#options;
    if (!this.#next.running || !this.#mayHurry || !platform.online()) return;
    // Once: those who wake again and again would never come to it.
    this.#mayHurry = false;
    this.#next.start(platform.random() * WAKING, connect);
  }

  /** The page was put aside: nothing comes until it wakes, or turns out not to sleep. */
  sleep(): void {
    this.#mayHurry = true;
    this.#next.start(DOZING, this.#options.connect);
  }
}
