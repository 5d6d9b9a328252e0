import type { Database, Statement } from 'better-sqlite3';

interface RoomToForget {
  readonly id: number;
  readonly name: string;
  readonly floor: number;
}

/** Events looked at, and hidden shapes deleted, in one step: so few that turns hardly wait for it. */
const ROWS_PER_STEP = 400;

/** Rooms looked at in one step. */
const ROOMS_PER_STEP = 200;

/** Forgets what is older than a site keeps it, step by step. */
export class Forgetter {
  /**
   * One step, in a transaction of its own: goes on with the rooms whose names come after `past`.
   *
   * @param before milliseconds since 1970
   * @returns where the next step goes on; undefined when nothing is left to forget.
   */
  readonly step: (site: string, before: number, past: string) => string | undefined;
  readonly #rooms: Statement<[site: string, past: string, limit: number], RoomToForget>;
  readonly #log: Statement<[room: number, floor: number, limit: number], { readonly seq: number; readonly at: number }>;
  readonly #deleteEvents: Statement<[room: number, upTo: number]>;
  readonly #deleteMessages: Statement<[room: number, upTo: number]>;
  readonly #deleteIntervals: Statement<[room: number, upTo: number]>;
  readonly #deleteShapes: Statement<[room: number, upTo: number, limit: number]>;
  readonly #raiseFloor: Statement<[floor: number, room: number]>;

  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#now = now;
    this.#rooms = database.prepare(
      'SELECT id, name, floor FROM room WHERE site = ? AND name > ? ORDER BY name LIMIT ?',
    );
    this.#log = database.prepare('SELECT seq, at FROM event WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?');
    this.#deleteEvents = database.prepare('DELETE FROM event WHERE room = ? AND seq <= ?');
    this.#deleteMessages = database.prepare('DELETE FROM message WHERE room = ? AND seq <= ?');
    this.#deleteIntervals = database.prepare('DELETE FROM shape_interval WHERE room = ? AND to_seq <= ?');
    // What is hidden was touched since it was drawn, so the index of what was touched finds it.
    this.#deleteShapes = database.prepare(
      'DELETE FROM shape WHERE room = ? AND since <= ? AND since <> seq AND hidden = 1 LIMIT ?',
    );
    this.#raiseFloor = database.prepare('UPDATE room SET floor = ? WHERE id = ?');
    const step = database.transaction((site: string, before: number, past: string) => this.#step(site, before, past));
    this.step = (site, before, past) => step.immediate(site, before, past);
  }

  #step(site: string, before: number, past: string): string | undefined {
    const rooms = this.#rooms.all(site, past, ROOMS_PER_STEP);
    let left = ROWS_PER_STEP;
    let done = past;
    for (const room of rooms) {
      left -= this.#forget(room, before, left);
      if (left <= 0) return done;
      done = room.name;
    }
    return rooms.length < ROOMS_PER_STEP ? undefined : done;
  }

  /**
   * The log is forgotten from its beginning on, up to the first event that is to be kept; a shape, when what hid it is. An event from the
   * future, of a clock that was set back since, goes with what follows it: else all of that would be kept until then.
   *
   * @returns how many rows that took, at most `limit`: then there may be more to forget.
   */
  #forget({ id, floor }: RoomToForget, before: number, limit: number): number {
    const log = this.#log.all(id, floor, limit);
    const now = this.#now();
    const kept = log.findIndex(({ at }) => at >= before && at <= now);
    const old = kept < 0 ? log : log.slice(0, kept);
    const forgotten = old.slice(0, old.findLastIndex(({ at }) => at < before) + 1);
    const upTo = forgotten.at(-1)?.seq ?? floor;
    if (upTo > floor) {
      this.#deleteEvents.run(id, upTo);
      this.#deleteMessages.run(id, upTo);
      this.#deleteIntervals.run(id, upTo);
      this.#raiseFloor.run(upTo, id);
    }
    const left = limit - forgotten.length;
    return forgotten.length + (left > 0 ? this.#deleteShapes.run(id, upTo, left).changes : 0);
  }
}
