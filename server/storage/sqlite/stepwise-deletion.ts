import type { Database, Statement } from 'better-sqlite3';

import { ROOM_TABLES } from '../tables.js';

/** Rows deleted in one step: so few that turns hardly wait for it. */
const REMOVED_PER_STEP = 1_000;

/** Deletes a site and everything of it, step by step. */
export class SiteRemover {
  /**
   * One step, in a transaction of its own. Keys go first, so that nobody comes any more; then room
   * by room; the site itself last, so that a removal that was interrupted is taken up again by
   * another one.
   *
   * @returns whether nothing of the site is left.
   */
  readonly step: (site: string) => boolean;
  readonly #deleteKeys: Statement<[site: string]>;
  readonly #renewNonce: Statement<[site: string]>;
  readonly #rooms: Statement<[site: string, limit: number], number>;
  readonly #deleteRows: readonly Statement<[room: number, limit: number]>[];
  readonly #deleteRoom: Statement<[room: number]>;
  readonly #deleteRevocations: Statement<[site: string, limit: number]>;
  readonly #deleteUsage: Statement<[site: string]>;
  readonly #deleteSite: Statement<[site: string]>;

  constructor(database: Database) {
    this.#deleteKeys = database.prepare('DELETE FROM site_key WHERE site = ?');
    this.#renewNonce = database.prepare('UPDATE site SET nonce = randomblob(16) WHERE id = ?');
    this.#rooms = database.prepare<[string, number], number>('SELECT id FROM room WHERE site = ? LIMIT ?').pluck();
    this.#deleteRows = ROOM_TABLES.map(table => database.prepare(`DELETE FROM ${table} WHERE room = ? LIMIT ?`));
    this.#deleteRoom = database.prepare('DELETE FROM room WHERE id = ?');
    this.#deleteRevocations = database.prepare('DELETE FROM revocation WHERE site = ? LIMIT ?');
    this.#deleteUsage = database.prepare('DELETE FROM usage WHERE site = ?');
    this.#deleteSite = database.prepare('DELETE FROM site WHERE id = ?');
    const step = database.transaction((site: string) => this.#step(site));
    this.step = site => step.immediate(site);
  }

  #step(site: string): boolean {
    this.#deleteKeys.run(site);
    // A room that is gone while others are not does not get its old epoch back.
    this.#renewNonce.run(site);
    let left = REMOVED_PER_STEP;
    for (const room of this.#rooms.all(site, REMOVED_PER_STEP)) {
      for (const statement of this.#deleteRows) if (left > 0) left -= statement.run(room, left).changes;
      if (left <= 0) return false;
      this.#deleteRoom.run(room);
      left -= 1;
    }
    left -= this.#deleteRevocations.run(site, left).changes;
    if (left < REMOVED_PER_STEP) return false;
    this.#deleteUsage.run(site);
    this.#deleteSite.run(site);
    return true;
  }
}

interface RoomToForget {
  readonly id: number;
  readonly name: string;
  readonly floor: number;
}

/**
 * Events looked at, and hidden shapes deleted, in one step: so few that turns hardly wait for it.
 */
const FORGOTTEN_PER_STEP = 400;

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
    let left = FORGOTTEN_PER_STEP;
    let done = past;
    for (const room of rooms) {
      left -= this.#forget(room, before, left);
      if (left <= 0) return done;
      done = room.name;
    }
    return rooms.length < ROOMS_PER_STEP ? undefined : done;
  }

  /**
   * The log is forgotten from its beginning on, up to the first event that is to be kept; a shape,
   * when what hid it is. An event from the future, of a clock that was set back since, goes with
   * what follows it: else all of that would be kept until then.
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
