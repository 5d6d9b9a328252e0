import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { Clock } from '../clock.js';

export interface EventsElsewhereOptions {
  readonly clock: Clock;
  /** Sends events to people on this node. */
  readonly tell: (epoch: string, events: readonly AnyEvent[]) => void;
}

/**
 * Milliseconds between two packets: nobody reads twenty messages a second, and each packet costs
 * one delivery per person.
 */
const APART = 50;

/**
 * Batches events that other nodes appended to a room, on their way to people on this node. Sending
 * each node's turns at once would multiply the packets of a busy room by the number of nodes. So
 * events that come soon after a packet wait, and go with the next one. In a quiet room nothing
 * waits.
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
    // If the clock was set back, nobody waits longer.
    const wait = Math.min(APART, this.#last + APART - now);
    if (wait <= 0) this.#tell();
    else this.#cancel = this.#options.clock.after(wait, () => this.#tell());
  }

  /** Call when something is sent anyway. @returns the waiting events of this epoch, to go along */
  takeAlong(epoch: string): readonly AnyEvent[] {
    if (this.#waiting && this.#waiting.epoch !== epoch) this.#tell();
    const along = this.#waiting?.events ?? [];
    this.#told();
    return along;
  }

  /** Drops what waits. Harmless when called again. */
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
