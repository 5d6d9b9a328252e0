import type { Connections } from './connections.js';
import { countChange, newNonce } from './site-table.js';
import { statement } from './statement.js';
import { ROOM_TABLES } from '../tables.js';

/** Rooms held in one step, and rows deleted of each table: so few that turns hardly wait for it. */
const ROOMS_HELD_PER_STEP = 100;
const REMOVED_PER_STEP = 1_000;

const renewNonce = statement<[site: string, nonce: Uint8Array]>('UPDATE site SET nonce = $2 WHERE id = $1');

/** In the order in which turns hold them. */
const holdRooms = statement<[site: string, limit: number], { readonly id: number }>(
  'SELECT id FROM room WHERE site = $1 ORDER BY id LIMIT $2 FOR UPDATE',
);

const deleteOfRooms = ROOM_TABLES.map(table =>
  statement<[rooms: readonly number[], limit: number]>(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (SELECT ctid FROM ${table} WHERE room = ANY ($1::bigint[]) LIMIT $2))`,
  ),
);

const deleteRooms = statement<[rooms: readonly number[]]>('DELETE FROM room WHERE id = ANY ($1::bigint[])');

const deleteOfSite = ['revocation', 'usage'].map(table =>
  statement<[site: string, limit: number]>(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (SELECT ctid FROM ${table} WHERE site = $1 LIMIT $2))`,
  ),
);

/** While it is held no room of it comes into being: a room's row refers to that of its site. */
const holdSite = statement<[site: string], object>('SELECT FROM site WHERE id = $1 FOR UPDATE');

const deleteKeys = statement<[site: string]>('DELETE FROM site_key WHERE site = $1');

const deleteEmptySite = statement<[site: string]>(
  `DELETE FROM site WHERE id = $1 AND NOT EXISTS (SELECT FROM room WHERE room.site = $1)
     AND NOT EXISTS (SELECT FROM revocation WHERE revocation.site = $1)
     AND NOT EXISTS (SELECT FROM usage WHERE usage.site = $1)`,
);

const hasSite = statement<[site: string], object>('SELECT FROM site WHERE id = $1');

/**
 * Deletes a site and everything of it, in steps that are a transaction each. Keys go first, so that
 * nobody comes any more; then room by room; the site itself last, so that a removal that was
 * interrupted is taken up again by another one.
 */
export class SiteRemover {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /**
   * Deletes the keys. From now on a room that is gone does not get its old epoch back.
   *
   * @throws StorageError
   */
  async begin(site: string): Promise<void> {
    await this.#connections.transaction(transaction =>
      Promise.all([transaction.change(countChange), transaction.change(deleteKeys, site)]),
    );
  }

  /** One step. @returns whether nothing of the site is left. @throws StorageError */
  async step(site: string): Promise<boolean> {
    if (await this.#emptyRooms(site)) return false;
    if (await this.#emptySite(site)) return false;
    return this.#end(site);
  }

  /** @returns whether there were rooms */
  #emptyRooms(site: string): Promise<boolean> {
    return this.#connections.transaction(async transaction => {
      const [rows] = await Promise.all([
        transaction.run(holdRooms, site, ROOMS_HELD_PER_STEP),
        // A room that is gone while others are not does not get its old epoch back.
        transaction.change(renewNonce, site, newNonce()),
      ]);
      if (rows.length === 0) return false;
      const rooms = rows.map(({ id }) => id);
      const counts = await Promise.all(deleteOfRooms.map(each => transaction.change(each, rooms, REMOVED_PER_STEP)));
      if (counts.every(count => count < REMOVED_PER_STEP)) await transaction.change(deleteRooms, rooms);
      return true;
    });
  }

  /** @returns whether there may be more of it */
  #emptySite(site: string): Promise<boolean> {
    return this.#connections.transaction(async transaction => {
      const counts = await Promise.all(deleteOfSite.map(each => transaction.change(each, site, REMOVED_PER_STEP)));
      return counts.some(count => count === REMOVED_PER_STEP);
    });
  }

  #end(site: string): Promise<boolean> {
    return this.#connections.transaction(async transaction => {
      const [, , , , left] = await Promise.all([
        transaction.change(countChange),
        transaction.run(holdSite, site),
        transaction.change(deleteKeys, site),
        transaction.change(deleteEmptySite, site),
        transaction.run(hasSite, site),
      ]);
      return left.length === 0;
    });
  }
}

/** Rooms looked at in one step. */
const ROOMS_SEARCHED_PER_STEP = 200;
/**
 * Events looked at, and hidden shapes deleted, in one step of a room: so few that its turns hardly
 * wait for it.
 */
const FORGOTTEN_PER_STEP = 400;

interface RoomRow {
  readonly id: number;
  readonly name: string;
  readonly has_more: boolean;
}

/**
 * Whether something is to be forgotten is seen from where the log begins, and from what is hidden
 * since before that.
 */
const lookAt = statement<[site: string, past: string, limit: number, before: number, now: number], RoomRow>(
  `SELECT few.id, few.name, coalesce(first.at < $4 OR first.at > $5, false) OR EXISTS (
     SELECT FROM shape WHERE shape.room = few.id AND since <= few.floor AND since <> shape.seq AND hidden = 1
   ) AS has_more
   FROM (SELECT id, name, floor FROM room WHERE site = $1 AND name > $2 ORDER BY name LIMIT $3) AS few
   LEFT JOIN LATERAL (
     SELECT at FROM event WHERE event.room = few.id AND event.seq > few.floor ORDER BY event.seq LIMIT 1
   ) AS first ON true
   ORDER BY few.name`,
);

const hold = statement<[room: number], object>('SELECT FROM room WHERE id = $1 FOR NO KEY UPDATE');

/**
 * The log is forgotten from its beginning on, up to the first event that is to be kept. An event
 * from the future, of a clock that was set back since, goes with what follows it: else all of that
 * would be kept until then.
 */
const raiseFloor = statement<[room: number, limit: number, before: number, now: number]>(
  `WITH log AS (
     SELECT event.seq, event.at FROM room JOIN event ON event.room = room.id AND event.seq > room.floor
     WHERE room.id = $1 ORDER BY event.seq LIMIT $2
   ), old AS (
     SELECT max(seq) AS seq FROM log
     WHERE at < $3 AND seq < coalesce((SELECT min(seq) FROM log WHERE at >= $3 AND at <= $4), 9007199254740991)
   )
   UPDATE room SET floor = old.seq FROM old WHERE room.id = $1 AND old.seq IS NOT NULL`,
);

const deleteLog = ['event', 'message'].map(table =>
  statement<[room: number]>(`DELETE FROM ${table} WHERE room = $1 AND seq <= (SELECT floor FROM room WHERE id = $1)`),
);

const deleteIntervals = statement<[room: number]>(
  'DELETE FROM shape_interval WHERE room = $1 AND to_seq <= (SELECT floor FROM room WHERE id = $1)',
);

/**
 * A shape is forgotten when what hid it is. It was touched since it was drawn, so the index of what
 * was touched finds it.
 */
const deleteShapes = statement<[room: number, limit: number]>(
  `DELETE FROM shape WHERE ctid = ANY (ARRAY (
     SELECT ctid FROM shape
     WHERE room = $1 AND since <= (SELECT floor FROM room WHERE id = $1) AND since <> seq AND hidden = 1 LIMIT $2
   ))`,
);

/** Forgets what is older than a site keeps it, in steps that are a transaction each. */
export class Forgetter {
  readonly #connections: Connections;
  readonly #now: () => number;

  /** @param now server time in milliseconds since 1970 */
  constructor(connections: Connections, now: () => number) {
    this.#connections = connections;
    this.#now = now;
  }

  /**
   * Looks for rooms with something to forget, from the one on whose name comes after `past`.
   *
   * @param before milliseconds since 1970
   * @returns their numbers, and where the next search goes on; nowhere when these are the last
   * @throws StorageError
   */
  async search(
    site: string,
    before: number,
    past: string,
  ): Promise<{ readonly rooms: readonly number[]; readonly next: string | undefined }> {
    const rows = await this.#connections.run(lookAt, site, past, ROOMS_SEARCHED_PER_STEP, before, this.#now());
    return {
      rooms: rows.flatMap(({ id, has_more: hasMore }) => (hasMore ? [id] : [])),
      next: rows.length < ROOMS_SEARCHED_PER_STEP ? undefined : rows.at(-1)?.name,
    };
  }

  /** One step in a room. @returns whether there may be more to forget. @throws StorageError */
  step(room: number, before: number): Promise<boolean> {
    return this.#connections.transaction(async transaction => {
      const [, raised, , shapes] = await Promise.all([
        transaction.run(hold, room),
        transaction.change(raiseFloor, room, FORGOTTEN_PER_STEP, before, this.#now()),
        Promise.all([...deleteLog, deleteIntervals].map(each => transaction.change(each, room))),
        transaction.change(deleteShapes, room, FORGOTTEN_PER_STEP),
      ]);
      return raised > 0 || shapes === FORGOTTEN_PER_STEP;
    });
  }
}
