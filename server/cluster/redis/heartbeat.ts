import type { Clock } from '../../clock.js';
import type { LinkedRooms } from './linked-rooms.js';
import type { LivingNodes } from './redis-presence.js';

/** All in milliseconds. */
export interface HeartbeatTimes {
  /** Between two signs of life. */
  readonly beat: number;
  /** A node that is silent for so long is lost. */
  readonly lostAfter: number;
  /** Between two writings of what would expire else. */
  readonly refresh: number;
}

export interface HeartbeatOptions {
  readonly nodes: Pick<LivingNodes, 'beat' | 'wasTakenForLost'>;
  readonly rooms: Pick<LinkedRooms, 'resolveDoubts' | 'confirmLeft' | 'refresh'>;
  readonly connections: { refresh(): void };
  readonly clock: Clock;
  readonly times: HeartbeatTimes;
  /** Takes care of what fails where nobody waits for it. */
  readonly attempt: (work: Promise<unknown>) => void;
  /** Takes care of faults of whoever is told. */
  readonly guard: (tell: () => void) => void;
  /** The other nodes took this one for lost, and dropped whoever is here. */
  readonly onTakenForLost: () => void;
}

/**
 * What a node does again and again while its session lasts: it gives signs of life, and writes anew
 * what Redis would forget.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #cancelBeat: () => void = () => undefined;
  #isStopped = true;
  #refreshed = -Infinity;
  /**
   * When doubts are resolved: by then the other nodes have said what was in doubt after an outage.
   */
  #doubtsEnd = Infinity;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** The session has begun. */
  start(): void {
    const { clock, connections, times } = this.#options;
    this.#isStopped = false;
    // The first beat writes all once more: a node that took this one for lost may have deleted, a
    // moment late, what was just written.
    this.#refreshed = -Infinity;
    this.#doubtsEnd = clock.now() + times.lostAfter;
    connections.refresh();
    this.#beatLater();
  }

  /** The session is over. Harmless when called again. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelBeat();
  }

  /** Something is in doubt: it is resolved after the time in which a silent node counts as lost. */
  resolveDoubtsLater(): void {
    const { clock, times } = this.#options;
    this.#doubtsEnd = Math.min(this.#doubtsEnd, clock.now() + times.lostAfter);
  }

  #beatLater(): void {
    if (this.#isStopped) return;
    const { clock, times, attempt } = this.#options;
    this.#cancelBeat();
    this.#cancelBeat = clock.after(times.beat, () => attempt(this.#beat()));
  }

  async #beat(): Promise<void> {
    const { nodes, rooms, onTakenForLost } = this.#options;
    await nodes.beat();
    if (nodes.wasTakenForLost) {
      onTakenForLost();
      return;
    }
    this.#beatLater();
    this.#resolveDoubts();
    await rooms.confirmLeft();
    await this.#refresh();
  }

  #resolveDoubts(): void {
    const { clock, rooms, guard } = this.#options;
    if (clock.now() < this.#doubtsEnd) return;
    this.#doubtsEnd = Infinity;
    guard(() => rooms.resolveDoubts());
  }

  async #refresh(): Promise<void> {
    const { clock, connections, rooms, times } = this.#options;
    if (clock.now() - this.#refreshed < times.refresh) return;
    this.#refreshed = clock.now();
    connections.refresh();
    await rooms.refresh();
  }
}
