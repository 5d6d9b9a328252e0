import type { RoomKey } from '../../domain/room-key.js';
import { inGroups } from './groups.js';
import type { PresenceStore } from './presence-store.js';
import type { MessageBatch } from './message-batch.js';

export interface LeftRoomsOptions {
  readonly node: string;
  readonly store: Pick<PresenceStore, 'forget'>;
  readonly batch: Pick<MessageBatch, 'add'>;
}

/** Rooms in which that is said at once. */
const AT_ONCE = 500;

/**
 * Rooms that everyone of this node has left, while it is not sure that the other nodes know. The message that said so may have been lost with
 * the session, and this node says nothing else in those rooms: after an outage it says once more that nobody is there.
 */
export class LeftRooms {
  readonly #options: LeftRoomsOptions;
  /** By room, how often `settle` had been called when it was left. */
  readonly #rooms = new Map<RoomKey, number>();
  #asked = 0;

  constructor(options: LeftRoomsOptions) {
    this.#options = options;
  }

  add(room: RoomKey): void {
    this.#rooms.set(room, this.#asked);
  }

  /** Somebody of this node is in the room again: its link says who. */
  delete(room: RoomKey): void {
    this.#rooms.delete(room);
  }

  /** Tells once more, and writes, that nobody is there. @throws RedisError */
  async tell(): Promise<void> {
    const { node, store, batch } = this.#options;
    for (const group of inGroups([...this.#rooms.keys()], AT_ONCE)) {
      // Where somebody came meanwhile, this node is there again.
      const rooms = group.filter(room => this.#rooms.has(room));
      for (const room of rooms) batch.add(room, ['here', []]);
      await Promise.all(rooms.map(room => store.forget(room, node)));
    }
  }

  /** Forgets those that were left before, once all has arrived that was sent. @param arrived asks whether it has */
  async settle(arrived: () => Promise<void>): Promise<void> {
    if (this.#rooms.size === 0) return;
    const asked = this.#asked;
    this.#asked += 1;
    await arrived();
    for (const [room, when] of this.#rooms) if (when <= asked) this.#rooms.delete(room);
  }
}
