import type { RoomKey } from './room-key.js';

interface Failing {
  /** Turns in a row that it alone made fail. */
  readonly times: number;
  /** Server time in milliseconds since 1970. */
  readonly restsUntil: number;
}

/** Rooms known at most: beyond that, the one that failed first is forgotten, and found out anew. */
const MOST = 1_000;
/** How long a room rests that failed again, in milliseconds: at first, and at most. */
const FIRST_REST = 2_000;
const LONGEST_REST = 30_000;

/**
 * The rooms whose last turn failed though no other room was in it. Such a room has its turns to
 * itself, so that it spoils nobody else's; and where that fails again it rests, ever longer,
 * because even alone it keeps its lane waiting: a board that loads too slowly takes seconds.
 */
export class FailingRooms {
  /** Those that failed longest ago come first. */
  readonly #rooms = new Map<RoomKey, Failing>();

  has(room: RoomKey): boolean {
    return this.#rooms.has(room);
  }

  /** Milliseconds from `now` for which a room is not tried; 0 where it may be. */
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
