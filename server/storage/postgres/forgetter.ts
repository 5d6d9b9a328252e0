import type { Connections } from './connections.js';
import { statement } from './statement.js';

/** Rooms looked at in one step. */
const ROOMS_PER_STEP = 200;
/** Events looked at, and hidden shapes deleted, in one step of a room: so few that its turns hardly wait for it. */
const ROWS_PER_STEP = 400;

interface RoomRow {
  readonly id: number;
  readonly name: string;
  readonly has_more: boolean;
}

/** Whether something is to be forgotten is seen from where the log begins, and from what is hidden since before that. */
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
 * The log is forgotten from its beginning on, up to the first event that is to be kept. An event from the future, of a clock that was set back
 * since, goes with what follows it: else all of that would be kept until then.
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

/** A shape is forgotten when what hid it is. It was touched since it was drawn, so the index of what was touched finds it. */
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
    const rows = await this.#connections.run(lookAt, site, past, ROOMS_PER_STEP, before, this.#now());
    return {
      rooms: rows.flatMap(({ id, has_more: hasMore }) => (hasMore ? [id] : [])),
      next: rows.length < ROOMS_PER_STEP ? undefined : rows.at(-1)?.name,
    };
  }

  /** One step in a room. @returns whether there may be more to forget. @throws StorageError */
  step(room: number, before: number): Promise<boolean> {
    return this.#connections.transaction(async transaction => {
      const [, raised, , shapes] = await Promise.all([
        transaction.run(hold, room),
        transaction.change(raiseFloor, room, ROWS_PER_STEP, before, this.#now()),
        Promise.all([...deleteLog, deleteIntervals].map(each => transaction.change(each, room))),
        transaction.change(deleteShapes, room, ROWS_PER_STEP),
      ]);
      return raised > 0 || shapes === ROWS_PER_STEP;
    });
  }
}
