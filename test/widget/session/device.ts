/**
 * A device that sleeps, wakes, is set to another time and loses its network when the test says so;
 * its time stands until it is moved.
 */
import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

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

/**
 * Lets time pass until something is so: fast, but not so fast that no answer could come within it.
 */
export async function passes({ clock }: Device, holds: () => boolean, step = 100): Promise<void> {
  while (!holds()) {
    await answersCome();
    clock.advance(step);
  }
}

/**
 * As long as the machine takes just now for some questions to another thread and back, beside a
 * moment of the clock: where it is busy with others, the answers of the server take their time as
 * well.
 */
async function answersCome(): Promise<void> {
  await pause(10);
  for (let question = 0; question < 5; question += 1) await stat('.');
}
