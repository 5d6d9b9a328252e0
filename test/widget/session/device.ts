/** A device that sleeps, wakes, is set to another time and loses its network when the test says so; its time stands until it is moved. */
import { ManualClock } from '../../support/manual-clock.js';
import type { Platform } from '../../../widget/session/platform.js';
import { platformOf } from './people.js';

export class Device {
  readonly clock = new ManualClock();
  readonly platform: Platform;
  /** What was reported, and was nobody's answer. */
  readonly reported: unknown[] = [];
  isOnline = true;
  /** Milliseconds by which its clock is wrong. */
  wrong = 0;
  #wake = (): void => {};
  #sleep = (): void => {};

  constructor(changed: Partial<Platform> = {}) {
    this.platform = {
      ...platformOf(this.clock),
      now: () => this.clock.now() + this.wrong,
      online: () => this.isOnline,
      onWake: (wake, sleep) => {
        this.#wake = wake;
        this.#sleep = sleep;
        return () => {
          this.#wake = this.#sleep = () => {};
        };
      },
      report: error => this.reported.push(error),
      ...changed,
    };
  }

  /** The network came or went, or the page is back. */
  wake(): void {
    this.#wake();
  }

  /** The page is put aside. */
  sleep(): void {
    this.#sleep();
  }

  /** The lid is closed for so long: the clock goes on, and no timer does. */
  closeLid(milliseconds: number): void {
    this.wrong += milliseconds;
  }
}

/** Lets time pass until something is so: fast, but not so fast that no answer could come within it. */
export async function passes({ clock }: Device, holds: () => boolean, step = 100): Promise<void> {
  while (!holds()) {
    await new Promise(resolve => setTimeout(resolve, 10));
    clock.advance(step);
  }
}
