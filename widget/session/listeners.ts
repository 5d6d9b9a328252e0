/** Those who want to know something. One that throws is reported, and does the others no harm. */
export class Listeners<Fact> {
  readonly #listeners = new Set<(fact: Fact) => void>();
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Returns what takes the listener out again. */
  add(listener: (fact: Fact) => void): () => void {
    // The same function may listen twice.
    const own = (fact: Fact): void => this.call(listener, fact);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(fact: Fact): void {
    for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) listener(fact);
  }

  call(listener: (fact: Fact) => void, fact: Fact): void {
    try {
      listener(fact);
    } catch (error) {
      this.#report(error);
    }
  }
}
