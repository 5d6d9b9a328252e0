import type { RoomKey } from './room-key.js';

/**
 * Commands that wait for a turn. Each room has its own line, and the rooms take turns, so a busy
 * room never delays the others.
 */
export class CommandQueue<Item> {
  /** No line is empty. The room that is served next comes first. */
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

  /** Puts items that were taken but not decided back at the front of their room's line. */
  putBack(room: RoomKey, items: readonly Item[]): void {
    if (items.length === 0) return;
    this.#lines.set(room, [...items, ...(this.#lines.get(room) ?? [])]);
    this.#size += items.length;
  }

  /** Takes every item of one room. */
  empty(room: RoomKey): readonly Item[] {
    const line = this.#lines.get(room) ?? [];
    this.#lines.delete(room);
    this.#size -= line.length;
    return line;
  }

  /**
   * Takes at most `limit` items, one from each room per round, in the order in which they were
   * added.
   *
   * @param admits whether a room is served this time, asked once for each; a room that is not keeps
   *   its place in the rotation
   */
  take(limit: number, admits: (room: RoomKey) => boolean = () => true): ReadonlyMap<RoomKey, readonly Item[]> {
    const served = new Map<RoomKey, { readonly line: Item[]; taken: number }>();
    let left = limit;
    // Iterating a map also visits entries added meanwhile, so a room that is put back at the end is
    // visited again. The loop therefore goes round until the limit is reached, and leaves the rooms
    // whose turn is next in front.
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
