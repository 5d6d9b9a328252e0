import type { Answer, Joined, LiveEntry, ServerToClient } from '../../protocol/conversation.js';
import { isPassing, type Refusal } from '../../protocol/errors.js';
import type { Platform } from './platform.js';
import { Timer } from './timer.js';
import type { WireListener } from './wire.js';

/** Someone in a room over a connection. Several may be in the same one. */
export interface ConnectedRoom extends Pick<ServerToClient, 'events' | 'presence'> {
  readonly room: string;
  /** The room's number in live frames; undefined while it is not joined. */
  readonly handle: number | undefined;
  joined(joined: Joined): void;
  /** The role in it is another one. */
  roleChanged: ServerToClient['role'];
  /** Joining was refused, and will be again. */
  refused(refusal: Refusal): void;
  /** The connection was lost: what was joined is not any more. */
  lost(): void;
  frame(pairs: readonly (number | LiveEntry)[]): void;
  /** The connection's status is another one. */
  statusChanged(): void;
}

export interface JoinedRoomsOptions {
  readonly platform: Platform;
  /** Rejects where no answer comes. */
  readonly join: (room: string) => Promise<Answer<Joined>>;
  /** The connection does not answer though it seems to be there. */
  readonly silent: () => void;
}

/**
 * The rooms of one connection: joins each whenever the connection is made, and tells it what is
 * meant for it.
 */
export class JoinedRooms {
  readonly #options: JoinedRoomsOptions;
  readonly #rooms = new Set<ConnectedRoom>();
  /** Until those are tried again that could not be joined for now. */
  readonly #timer: Timer;
  /** Rises with each connection: what an earlier one answers is of no interest. */
  #round = 0;

  constructor(options: JoinedRoomsOptions) {
    this.#options = options;
    this.#timer = new Timer(options.platform);
  }

  get empty(): boolean {
    return this.#rooms.size === 0;
  }

  /** The name of one that is joined. */
  get some(): string | undefined {
    return [...this.#rooms].find(({ handle }) => handle !== undefined)?.room;
  }

  add(room: ConnectedRoom): void {
    this.#rooms.add(room);
  }

  /** @returns whether another of the same name is left */
  delete(room: ConnectedRoom): boolean {
    this.#rooms.delete(room);
    return this.#named(room.room).length > 0;
  }

  /** Joins those that are not. */
  joinMissing(failures = 0): void {
    for (const room of this.#rooms) if (room.handle === undefined) void this.join(room, failures);
  }

  async join(room: ConnectedRoom, failures = 0): Promise<void> {
    const round = this.#round;
    const current = (): boolean => round === this.#round && this.#rooms.has(room);
    try {
      const answer = await this.#options.join(room.room);
      if (!current()) return;
      if (answer.ok) {
        room.joined(answer);
        return;
      }
      const { code, retryAfter } = answer.error;
      if (isPassing(code) || retryAfter) {
        this.#timer.backOff(failures, () => this.joinMissing(failures + 1), retryAfter);
      } else room.refused(answer.error);
    } catch {
      if (current()) this.#options.silent();
    }
  }

  /** The connection is gone, and with it what was joined. */
  lost(): void {
    this.#round += 1;
    this.#timer.stop();
    for (const room of [...this.#rooms]) room.lost();
  }

  /** The connection's status is another one. */
  statusChanged(): void {
    for (const room of [...this.#rooms]) room.statusChanged();
  }

  readonly events: WireListener['events'] = fact => this.#named(fact.room).forEach(room => room.events(fact));
  readonly presence: WireListener['presence'] = fact => this.#named(fact.room).forEach(room => room.presence(fact));
  readonly role: WireListener['role'] = fact => this.#named(fact.room).forEach(room => room.roleChanged(fact));
  readonly f: WireListener['f'] = (handle, ...pairs) =>
    this.#rooms.forEach(room => room.handle === handle && room.frame(pairs));

  #named(name: string): ConnectedRoom[] {
    return [...this.#rooms].filter(({ room }) => room === name);
  }
}
