import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { Clock } from '../clock.js';

export interface EventsElsewhereOptions {
  readonly clock: Clock;
  /** Tells people here. */
  readonly tell: (epoch: string, events: readonly AnyEvent[]) => void;
}

/**
 * Milliseconds from one packet of them to the next: nobody reads twenty messages a second, and each
 * packet fewer is one fewer to everyone there.
 */
const APART = 50;

/**
 * What other nodes kept in a room, on its way to the people here. Every node has turns of its own,
 * and each turn told by itself would be a packet to everyone: in a room where much is said they
 * would cost as many times more as there are nodes. So what comes soon after something was told
 * waits for company, and goes with whatever is told next. In a quiet room nothing waits.
 */
export class EventsElsewhere {
  readonly #options: EventsElsewhereOptions;
  #waiting: { readonly epoch: string; readonly events: AnyEvent[] } | undefined;
  #last = -Infinity;
  #cancel: () => void = () => undefined;

  constructor(options: EventsElsewhereOptions) {
    this.#options = options;
  }

  add(epoch: string, events: readonly AnyEvent[]): void {
    if (this.#waiting && this.#waiting.epoch !== epoch) this.#tell();
    if (this.#waiting) {
      this.#waiting.events.push(...events);
      return;
    }
    this.#waiting = { epoch, events: [...events] };
    const now = this.#options.clock.now();
    // A clock that was set back makes nobody wait longer.
    const wait = Math.min(APART, this.#last + APART - now);
    if (wait <= 0) this.#tell();
    else this.#cancel = this.#options.clock.after(wait, () => this.#tell());
  }

  /** Something is told now anyway. @returns what waits for that, of this epoch */
  takeAlong(epoch: string): readonly AnyEvent[] {
    if (this.#waiting && this.#waiting.epoch !== epoch) this.#tell();
    const along = this.#waiting?.events ?? [];
    this.#told();
    return along;
  }

  /** What waits is told to nobody. Harmless when called again. */
  close(): void {
    this.#cancel();
    this.#waiting = undefined;
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#told();
    if (waiting) this.#options.tell(waiting.epoch, waiting.events);
  }

  #told(): void {
    this.close();
    this.#last = this.#options.clock.now();
  }
}
