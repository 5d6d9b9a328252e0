import type { HistoryPage } from '../../protocol/schema/http.js';
import type { HeldState } from '../../protocol/timeline/state.js';
import { prepend } from './held-state.js';

export interface HistoryOptions {
  /** Gives the messages before a seq, oldest first; rejects where they can't be had. */
  readonly fetch: (before: number) => Promise<HistoryPage>;
  /** The present state, which pages are put in front of. */
  readonly state: () => HeldState | undefined;
  /** Messages were added, or loading has begun or ended. */
  readonly changed: () => void;
}

/** The older part of the talk, page by page. */
export class History {
  /** Whether there are older messages than those that are here. */
  more = false;
  readonly #options: HistoryOptions;
  #loading: Promise<void> | undefined;

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  get loading(): boolean {
    return this.#loading !== undefined;
  }

  /**
   * Puts the next page in front of the messages; asked again meanwhile, it is the same page.
   * Rejects where it can't be had.
   */
  load(): Promise<void> {
    const { state, changed } = this.#options;
    const present = state();
    if (!present || !this.more) return Promise.resolve();
    this.#loading ??= this.#load(present).finally(() => {
      this.#loading = undefined;
      changed();
    });
    changed();
    return this.#loading;
  }

  async #load(state: HeldState): Promise<void> {
    const [first = state.seq + 1] = state.messages.keys();
    const page = await this.#options.fetch(first);
    // A snapshot in the meantime may have other first messages.
    if (state !== this.#options.state()) return;
    for (const [index, person] of page.people) if (!state.people.has(index)) state.people.set(index, person);
    prepend(state, page.messages);
    this.more = page.more;
  }
}
