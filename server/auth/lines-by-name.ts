/** Work in line, one line for each name: what is done under one name is done one after the other, whatever the rest does. */
export class LinesByName {
  /** The last in each line, which never rejects. */
  readonly #last = new Map<string, Promise<void>>();

  /** Does the work when all that was asked for under this name before has ended, well or not. */
  async do<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const before = this.#last.get(name);
    const done = before ? before.then(work) : work();
    const ended = done.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(name, ended);
    try {
      return await done;
    } finally {
      if (this.#last.get(name) === ended) this.#last.delete(name);
    }
  }
}
