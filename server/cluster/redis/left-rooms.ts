import type { RoomKey } from '../../domain/room-key.js';
import { inGroups } from './groups.js';
import type { PresenceStore } from './presence-store.js';
import type { MessageBatch } from './message-batch.js';

export interface LeftRoomsOptions {
  readonly node: string;
  readonly store: Pick<PresenceStore, 'forget'>;
  readonly batch: Pick<MessageBatch, 'add'>;
}

/** Rooms that are told at once that nobody is there any more. */
const AT_ONCE = 500;

/**
 * Rooms in which there is nobody of this node any more, while it is not sure that the others know: what told them may have been lost with the
 * session, and nothing else that this node says is of those rooms.
 */
export class LeftRooms {
  readonly #options: LeftRoomsOptions;
  /** How often it had been asked whether all has arrived when they were left. */
  readonly #rooms = new Map<RoomKey, number>();
  #asked = 0;

  constructor(options: LeftRoomsOptions) {
    this.#options = options;
  }

  add(room: RoomKey): void {
    this.#rooms.set(room, this.#asked);
  }

  /** This node is there again, and says by itself who is. */
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
