import type { RoomKey } from './room-key.js';

/**
 * Commands that wait for a turn: in line within their room, and taken from the rooms in rotation,
 * so that a busy room takes what others leave over and never their place.
 */
export class CommandQueue<Item> {
  /** Never an empty line; the room that is to be served next comes first. */
  readonly #lines = new Map<RoomKey, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many wait in one room. */
  sizeOf(room: RoomKey): number {
    return this.#lines.get(room)?.length ?? 0;
  }

  /** Puts an item at the end of its room's line. */
  add(room: RoomKey, item: Item): void {
    const line = this.#lines.get(room);
    if (line) line.push(item);
    else this.#lines.set(room, [item]);
    this.#size += 1;
  }

  /** Puts items that were taken but not dealt with back in front of their room's line. */
  putBack(room: RoomKey, items: readonly Item[]): void {
    if (items.length === 0) return;
    this.#lines.set(room, [...items, ...(this.#lines.get(room) ?? [])]);
    this.#size += items.length;
  }

  /** Takes all that waits in one room. */
  empty(room: RoomKey): readonly Item[] {
    const line = this.#lines.get(room) ?? [];
    this.#lines.delete(room);
    this.#size -= line.length;
    return line;
  }

  /**
   * Takes at most `limit` items, one a room at each round, in the order in which they were added to
   * their room.
   *
   * @param admits whether a room is served this time, asked once of each; one that is not keeps its
   *   place in the rotation
   */
  take(limit: number, admits: (room: RoomKey) => boolean = () => true): ReadonlyMap<RoomKey, readonly Item[]> {
    const served = new Map<RoomKey, { readonly line: Item[]; taken: number }>();
    let left = limit;
    // Going through a map also comes to what is put into it meanwhile: who is put back at the end
    // is met again, so this goes round until the limit is reached, and leaves those in front whose
    // turn is next.
    for (const [room, line] of this.#lines) {
      if (left === 0) break;
      if (!served.has(room) && !admits(room)) continue;
      left -= 1;
      this.#lines.delete(room);
      const share = served.get(room) ?? { line, taken: 0 };
      share.taken += 1;
      served.set(room, share);
      if (share.taken < line.length) this.#lines.set(room, line);
    }
    this.#size -= limit - left;
    return new Map([...served].map(([room, { line, taken }]) => [room, line.splice(0, taken)]));
  }
}
