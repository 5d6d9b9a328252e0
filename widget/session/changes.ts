import type { Aspect } from './contract.js';
import { Listeners } from './listeners.js';

type Changed = ReadonlySet<Aspect>;

/** Tells listeners what may have changed: all that changed within one turn of the event loop in one call. */
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

  /** Calls `listener` at once with every aspect, then whenever some were marked; returns its unsubscribe. */
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
