import type { RoomSession } from '../../widget/session/index.js';

/** For how long somebody who was connected was not, at a stretch. */
export class Absence {
  #longest = 0;
  /** Since when they are away, by `performance.now()`. */
  #since: number | undefined;
  #cameOnce = false;

  constructor(session: RoomSession) {
    session.subscribe(changed => {
      if (changed.has('status')) this.#look(session.status === 'connected');
    });
  }

  /** Milliseconds since the last call of `forget`, the present absence included. */
  get longest(): number {
    const present = this.#since === undefined ? 0 : performance.now() - this.#since;
    return Math.round(Math.max(this.#longest, present));
  }

  /** From now on only what is yet to come counts. */
  forget(): void {
    this.#longest = 0;
    if (this.#since !== undefined) this.#since = performance.now();
  }

  #look(isConnected: boolean): void {
    if (isConnected) {
      this.#longest = this.longest;
      this.#since = undefined;
      this.#cameOnce = true;
    } else if (this.#cameOnce) {
      this.#since ??= performance.now();
    }
  }
}
