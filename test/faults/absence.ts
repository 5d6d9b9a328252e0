import type { RoomSession } from '../../widget/session/index.js';

/** How long somebody was without a connection at a stretch, once they had had one. */
export class Absence {
  #longest = 0;
  /** Since when they are away, by `performance.now()`. */
  #since: number | undefined;
  /** Whether they were ever connected. */
  came = false;

  constructor(session: RoomSession) {
    session.subscribe(changed => {
      if (changed.has('status')) this.#look(session.status === 'connected');
    });
  }

  /** Milliseconds, the present absence included. */
  get longest(): number {
    const present = this.#since === undefined ? 0 : performance.now() - this.#since;
    return Math.round(Math.max(this.#longest, present));
  }

  #look(isConnected: boolean): void {
    if (isConnected) {
      this.#longest = this.longest;
      this.#since = undefined;
      this.came = true;
    } else if (this.came) {
      this.#since ??= performance.now();
    }
  }
}
