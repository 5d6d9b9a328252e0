import type { RoomKey } from './room-key.js';
import type { RoomMemory } from './room-memory.js';
import type { RoomsLimits } from './rooms-limits.js';

interface Resident {
  readonly memory: RoomMemory;
  /** What it took when it was last used, in bytes. */
  readonly bytes: number;
  /** Server time in milliseconds since 1970. */
  readonly usedAt: number;
}

/**
 * The rooms that are held in memory. Which are let go: the idle ones, and beyond a number or a size
 * those that were used longest ago.
 */
export class ResidentRooms {
  /** Those used longest ago come first. */
  readonly #rooms = new Map<RoomKey, Resident>();
  readonly #limits: Pick<RoomsLimits, 'resident' | 'residentBytes' | 'idle'>;
  #bytes = 0;

  constructor(limits: Pick<RoomsLimits, 'resident' | 'residentBytes' | 'idle'>) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#rooms.size;
  }

  get(room: RoomKey): RoomMemory | undefined {
    return this.#rooms.get(room)?.memory;
  }

  has(room: RoomKey): boolean {
    return this.#rooms.has(room);
  }

  /**
   * Holds a room as it is now, used at `now`. It is held anew whenever it was used, for it may have
   * grown.
   */
  keep(room: RoomKey, memory: RoomMemory, now: number): void {
    this.forget(room);
    const { bytes } = memory;
    this.#rooms.set(room, { memory, bytes, usedAt: now });
    this.#bytes += bytes;
  }

  forget(room: RoomKey): void {
    this.#bytes -= this.#rooms.get(room)?.bytes ?? 0;
    this.#rooms.delete(room);
  }

  /**
   * Lets go of the rooms that are not worth holding at `now`. Looks only at those, so it can be
   * called at every turn.
   */
  letGo(now: number): void {
    for (const [room, { usedAt }] of this.#rooms) {
      if (!this.#areTooMany() && now - usedAt < this.#limits.idle) break;
      this.forget(room);
    }
  }

  /**
   * A room that is too large by itself is held all the same, or each of its turns would load it
   * anew.
   */
  #areTooMany(): boolean {
    const { resident, residentBytes } = this.#limits;
    return this.#rooms.size > resident || (this.#bytes > residentBytes && this.#rooms.size > 1);
  }
}
