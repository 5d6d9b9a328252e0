import type { ReactiveControllerHost } from 'lit';
import type { BoardHalf, BoardListener } from './board-half.js';

/** Loads the board when it is first needed; until then only the talk is there. */
export class BoardLoader {
  readonly #host: ReactiveControllerHost;
  readonly #listener: BoardListener;
  #loading: Promise<void> | undefined;
  #half: BoardHalf | undefined;
  #failed = false;

  constructor(host: ReactiveControllerHost, listener: BoardListener) {
    this.#host = host;
    this.#listener = listener;
  }

  /** The board, once it is loaded. */
  get half(): BoardHalf | undefined {
    return this.#half;
  }

  /** Whether loading it failed, and it is worth another try. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Loads it, once; after a failure, again. */
  load(): Promise<void> {
    return (this.#loading ??= this.#load());
  }

  async #load(): Promise<void> {
    try {
      const [{ BoardHalf: Half }, { defineSketch }] = await Promise.all([
        import('./board-half.js'),
        import('../sketch/index.js'),
      ]);
      defineSketch();
      this.#half = new Half(this.#listener);
    } catch {
      this.#loading = undefined;
    }
    this.#failed = !this.#half;
    this.#host.requestUpdate();
    await this.#host.updateComplete;
  }
}
