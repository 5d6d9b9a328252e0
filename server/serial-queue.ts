/**
 * Runs asynchronous work one piece after the other, in order. Work under different keys runs side
 * by side.
 */
export class SerialQueue {
  /** The last piece of work of each key. It never rejects. */
  readonly #last = new Map<string, Promise<void>>();

  /** Whether work under any key would start at once. */
  get isIdle(): boolean {
    return this.#last.size === 0;
  }

  /** Starts `work` when all earlier work under this key has ended, with success or not. */
  async run<Value>(work: () => Promise<Value>, key = ''): Promise<Value> {
    const before = this.#last.get(key);
    const done = before ? before.then(work) : work();
    const ended = done.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, ended);
    try {
      return await done;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }
}

/**
 * A task that, if it is requested while it runs, runs once more for all who asked. Everyone gets a
 * run that started after they asked, with as few runs as possible.
 */
export class CoalescedTask {
  readonly #work: () => Promise<void>;
  readonly #queue = new SerialQueue();
  /** The run that waits for the present one to end. */
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves with the first run that starts after this call. */
  run(): Promise<void> {
    if (this.#next) return this.#next;
    const { isIdle } = this.#queue;
    const done = this.#queue.run(() => {
      this.#next = undefined;
      return this.#work();
    });
    if (!isIdle) this.#next = done;
    return done;
  }
}
