import type { RoomKey } from './room-key.js';
import type { RoomMemory } from './room-memory.js';
import type { RoomsLimits } from './rooms-limits.js';

interface Resident {
  readonly memory: RoomMemory;
  /** Its size when it was last used, in bytes. */
  readonly bytes: number;
  /** Server time in milliseconds since 1970. */
  readonly usedAt: number;
}

/**
 * The rooms that are held in memory. A room leaves it when it is idle, or, beyond a number or a
 * size of all together, when it was used longest ago.
 */
export class ResidentRooms {
  /** The room that was used longest ago comes first. */
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

  /** Holds a room, used at `now`. Called after every use, because a room may have grown. */
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
   * Drops the rooms that are idle at `now` or too many. It looks at no other rooms, so it is cheap
   * enough for every turn.
   */
  letGo(now: number): void {
    for (const [room, { usedAt }] of this.#rooms) {
      if (!this.#areTooMany() && now - usedAt < this.#limits.idle) break;
      this.forget(room);
    }
  }

  /** A single room stays even if it is too large, or each of its turns would load it again. */
  #areTooMany(): boolean {
    const { resident, residentBytes } = this.#limits;
    return this.#rooms.size > resident || (this.#bytes > residentBytes && this.#rooms.size > 1);
  }
}
