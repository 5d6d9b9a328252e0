import { type Clock, systemClock } from '../../server/clock.js';

interface Task {
  readonly at: number;
  readonly run: () => void;
  readonly cancel: () => void;
}

/**
 * The real clock, in which a test may skip ahead: what others wait for in seconds or minutes comes
 * when the test wants it.
 */
export class SkippingClock implements Clock {
  #ahead = 0;
  readonly #tasks = new Set<Task>();

  now(): number {
    return systemClock.now() + this.#ahead;
  }

  after(delay: number, run: () => void): () => void {
    const done = (): void => {
      task.cancel();
      this.#tasks.delete(task);
    };
    const once = (): void => {
      done();
      run();
    };
    const task: Task = { at: this.now() + delay, run: once, cancel: systemClock.after(delay, once) };
    this.#tasks.add(task);
    return done;
  }

  /** Skips so many milliseconds, and runs at once what has fallen due, in its order. */
  skip(milliseconds: number): void {
    this.#ahead += milliseconds;
    const due = [...this.#tasks].filter(({ at }) => at <= this.now()).sort((one, other) => one.at - other.at);
    for (const task of due) if (this.#tasks.has(task)) task.run();
  }
}
