import type { RoomKey } from './room-key.js';

interface Failing {
  /** Turns in a row that it alone made fail. */
  readonly times: number;
  /** Server time in milliseconds since 1970. */
  readonly restsUntil: number;
}

/** The most rooms that are remembered. Beyond that the oldest failure is forgotten. */
const MOST = 1_000;
/** How long a room rests after it failed again, in milliseconds: at first, and at most. */
const FIRST_REST = 2_000;
const LONGEST_REST = 30_000;

/**
 * Rooms whose last turn failed while no other room was in it. Such a room gets turns of its own, so
 * that its failures cost nobody else. If it fails again it rests, longer each time, because even
 * alone it blocks its lane: a board that loads too slowly takes seconds.
 */
export class FailingRooms {
  /** The oldest failure comes first. */
  readonly #rooms = new Map<RoomKey, Failing>();

  has(room: RoomKey): boolean {
    return this.#rooms.has(room);
  }

  /** How long from `now` the room still rests, in milliseconds; 0 where it may be tried. */
  rest(room: RoomKey, now: number): number {
    return Math.min(LONGEST_REST, Math.max(0, (this.#rooms.get(room)?.restsUntil ?? now) - now));
  }

  /** A turn of this room alone has failed, at `now`. */
  failed(room: RoomKey, now: number): void {
    const times = (this.#rooms.get(room)?.times ?? 0) + 1;
    const rest = times > 1 ? Math.min(LONGEST_REST, FIRST_REST * 2 ** (times - 2)) : 0;
    this.#rooms.delete(room);
    this.#rooms.set(room, { times, restsUntil: now + rest });
    if (this.#rooms.size <= MOST) return;
    for (const oldest of this.#rooms.keys()) {
      this.#rooms.delete(oldest);
      return;
    }
  }

  /** A turn with this room in it was kept. */
  recovered(room: RoomKey): void {
    this.#rooms.delete(room);
  }
}
