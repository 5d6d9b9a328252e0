import type { Aspect } from './contract.js';

const ASPECTS: readonly Aspect[] = ['status', 'messages', 'board', 'peers', 'outbox'];

type Listener = (changed: ReadonlySet<Aspect>) => void;

/** Tells listeners what may have changed: all that changed within one turn of the event loop in one call. */
export class Changes {
  readonly #listeners = new Set<Listener>();
  readonly #report: (error: unknown) => void;
  #marked = new Set<Aspect>();

  /** `report` is told of listeners that throw; the others are called all the same. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  mark(...aspects: readonly Aspect[]): void {
    if (this.#marked.size === 0) queueMicrotask(() => this.#tell());
    for (const aspect of aspects) this.#marked.add(aspect);
  }

  /** Calls `listener` at once with every aspect, then whenever some were marked; returns its unsubscribe. */
  subscribe(listener: Listener): () => void {
    const own: Listener = changed => listener(changed);
    this.#listeners.add(own);
    this.#call(own, new Set(ASPECTS));
    return () => void this.#listeners.delete(own);
  }

  #tell(): void {
    const changed = this.#marked;
    this.#marked = new Set();
    for (const listener of [...this.#listeners]) {
      if (this.#listeners.has(listener)) this.#call(listener, changed);
    }
  }

  #call(listener: Listener, changed: ReadonlySet<Aspect>): void {
    try {
      listener(changed);
    } catch (error) {
      this.#report(error);
    }
  }
}
