import type { RoomKey } from './room-key.js';
import type { RoomMemory } from './room-memory.js';

interface Resident {
  readonly memory: RoomMemory;
  /** Server time in milliseconds since 1970. */
  readonly usedAt: number;
}

/** The rooms that are held in memory. Which are let go: the idle ones, and beyond a number those that were used longest ago. */
export class ResidentRooms {
  /** Those used longest ago come first. */
  readonly #rooms = new Map<RoomKey, Resident>();
  readonly #limits: { readonly resident: number; readonly idle: number };

  /** @param limits how many are held at most, and after how many milliseconds without use one is let go. */
  constructor(limits: { readonly resident: number; readonly idle: number }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#rooms.size;
  }

  get(room: RoomKey): RoomMemory | undefined {
    return this.#rooms.get(room)?.memory;
  }

  /** Holds a room, used at `now`. */
  keep(room: RoomKey, memory: RoomMemory, now: number): void {
    this.#rooms.delete(room);
    this.#rooms.set(room, { memory, usedAt: now });
  }

  forget(room: RoomKey): void {
    this.#rooms.delete(room);
  }

  /** Lets go of the rooms that are not worth holding at `now`. Looks only at those, so it can be called at every turn. */
  letGo(now: number): void {
    for (const [room, { usedAt }] of this.#rooms) {
      if (this.#rooms.size <= this.#limits.resident && now - usedAt < this.#limits.idle) break;
      this.#rooms.delete(room);
    }
  }
}
