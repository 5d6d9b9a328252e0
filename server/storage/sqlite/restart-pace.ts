import type { Clock } from '../../clock.js';

/**
 * How long to rest after the second loss in a row, in milliseconds; after each further one twice as
 * long.
 */
const FIRST_REST = 250;
const LONGEST_REST = 10_000;

/** Losses farther apart than this are not in a row, in milliseconds. */
const CALM = 60_000;

/**
 * When something that was lost may be started again: at once the first time, then ever more slowly
 * while it goes on being lost.
 */
export class RestartPace {
  readonly #clock: Clock;
  #losses = 0;
  #cancelCalm: () => void = () => undefined;
  #rest: { readonly over: Promise<void>; readonly end: () => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How often in a row it was lost. */
  get losses(): number {
    return this.#losses;
  }

  /** Ends with the rest that is to be kept now; undefined where none is. */
  get rest(): Promise<void> | undefined {
    return this.#rest?.over;
  }

  /** It was lost. */
  lost(): void {
    this.#losses += 1;
    this.#cancelCalm();
    this.#cancelCalm = this.#clock.after(CALM, () => (this.#losses = 0));
    if (this.#losses > 1) this.#begin(Math.min(LONGEST_REST, FIRST_REST * 2 ** (this.#losses - 2)));
  }

  /** Ends all waiting. Harmless when called again. */
  close(): void {
    this.#cancelCalm();
    this.#rest?.end();
  }

  #begin(milliseconds: number): void {
    this.#rest?.end();
    let end: () => void = () => undefined;
    const over = new Promise<void>(resolve => (end = resolve));
    const cancel = this.#clock.after(milliseconds, () => rest.end());
    const rest = {
      over,
      end: () => {
        cancel();
        if (this.#rest === rest) this.#rest = undefined;
        end();
      },
    };
    this.#rest = rest;
  }
}
