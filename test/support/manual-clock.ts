import type { Clock } from '../../server/clock.js';

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands until the test moves it. */
export class ManualClock implements Clock {
  #now: number;
  readonly #tasks = new Set<Task>();

  /**
   * @param now milliseconds since 1970; the real time where tokens of real signers are judged by it
   */
  constructor(now = Date.now()) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, run: () => void): () => void {
    const task = { at: this.#now + Math.max(0, delay), run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /** How many tasks wait for their time. */
  get waiting(): number {
    return this.#tasks.size;
  }

  /** Moves on by so many milliseconds, running what falls due on the way, each at its time. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (let task = this.#nextBy(until); task; task = this.#nextBy(until)) {
      this.#tasks.delete(task);
      this.#now = Math.max(this.#now, task.at);
      task.run();
    }
    this.#now = until;
  }

  #nextBy(until: number): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks) if (task.at <= until && (!next || task.at < next.at)) next = task;
    return next;
  }
}
