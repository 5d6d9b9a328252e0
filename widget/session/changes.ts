import type { Aspect } from './contract.js';

/**
 * Those who listen to one kind of fact. One that throws is reported, and does the others no harm.
 */
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

type Changed = ReadonlySet<Aspect>;

/**
 * Tells listeners what may have changed: all that changed within one turn of the event loop in one
 * call.
 */
export class Changes {
  readonly #listeners: Listeners<Changed>;
  #marked = new Set<Aspect>();

  /** `report` is told of listeners that throw. */
  constructor(report: (error: unknown) => void) {
    this.#listeners = new Listeners(report);
  }

  mark(...aspects: readonly Aspect[]): void {
    if (this.#marked.size === 0) queueMicrotask(() => this.#tell());
    for (const aspect of aspects) this.#marked.add(aspect);
  }

  /**
   * Calls `listener` at once with every aspect, then whenever some were marked; returns its
   * unsubscribe.
   */
  subscribe(listener: (changed: Changed) => void): () => void {
    const unsubscribe = this.#listeners.add(listener);
    this.#listeners.call(listener, new Set<Aspect>(['status', 'messages', 'board', 'peers', 'outbox']));
    return unsubscribe;
  }

  #tell(): void {
    const changed = this.#marked;
    this.#marked = new Set();
    this.#listeners.tell(changed);
  }
}
