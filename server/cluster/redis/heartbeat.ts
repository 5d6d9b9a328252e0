import type { Clock } from '../../clock.js';
import type { LinkedRooms } from './linked-rooms.js';
import type { LivingNodes } from './redis-presence.js';

/** All in milliseconds. */
export interface HeartbeatTimes {
  /** Between two heartbeats. */
  readonly beat: number;
  /** A node without a heartbeat for so long is dead. */
  readonly lostAfter: number;
  /** Between two writings of what would expire otherwise. */
  readonly refresh: number;
}

export interface HeartbeatOptions {
  readonly nodes: Pick<LivingNodes, 'beat' | 'wasTakenForLost'>;
  readonly rooms: Pick<LinkedRooms, 'dropUnconfirmed' | 'confirmLeft' | 'refresh'>;
  readonly connections: { refresh(): void };
  readonly clock: Clock;
  readonly times: HeartbeatTimes;
  /** Handles the failure of work that nobody awaits. */
  readonly attempt: (work: Promise<unknown>) => void;
  /** Handles what a listener throws. */
  readonly guard: (tell: () => void) => void;
  /** The other nodes took this one for dead, and dropped its people. */
  readonly onTakenForLost: () => void;
}

/**
 * What a node repeats while its session lasts: its heartbeat, and writing again what would expire.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #cancelBeat: () => void = () => undefined;
  #isStopped = true;
  #refreshed = -Infinity;
  /**
   * When unconfirmed peers and strokes are dropped: by then other nodes have confirmed theirs after
   * an outage.
   */
  #settles = Infinity;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** The session has begun. */
  start(): void {
    const { clock, connections, times } = this.#options;
    this.#isStopped = false;
    // The first beat writes everything again: a node that took this one for dead may delete late
    // what was just written.
    this.#refreshed = -Infinity;
    this.#settles = clock.now() + times.lostAfter;
    connections.refresh();
    this.#beatLater();
  }

  /** The session is over. Harmless when called again. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelBeat();
  }

  /** Something is unconfirmed. It is dropped after the time in which a silent node is dead. */
  dropUnconfirmedLater(): void {
    const { clock, times } = this.#options;
    this.#settles = Math.min(this.#settles, clock.now() + times.lostAfter);
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
    this.#settle();
    await rooms.confirmLeft();
    await this.#refresh();
  }

  #settle(): void {
    const { clock, rooms, guard } = this.#options;
    if (clock.now() < this.#settles) return;
    this.#settles = Infinity;
    guard(() => rooms.dropUnconfirmed());
  }

  async #refresh(): Promise<void> {
    const { clock, connections, rooms, times } = this.#options;
    if (clock.now() - this.#refreshed < times.refresh) return;
    this.#refreshed = clock.now();
    connections.refresh();
    await rooms.refresh();
  }
}
