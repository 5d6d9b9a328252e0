import type { Connections } from './connections.js';
import { countChange, newNonce } from './site-table.js';
import { statement } from './statement.js';

/** What belongs to a room. */
const ROOM_TABLES = [
  'event',
  'message',
  'shape',
  'shape_interval',
  'accepted',
  'read_position',
  'room_setting',
  'author',
];

/** Rooms held in one step, and rows deleted of each table: so few that turns hardly wait for it. */
const ROOMS_PER_STEP = 100;
const ROWS_PER_STEP = 1_000;

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
 * Deletes a site and everything of it, in steps that are a transaction each. Keys go first, so that nobody comes any more; then room by room;
 * the site itself last, so that a removal that was interrupted is taken up again by another one.
 */
export class SiteRemover {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Deletes the keys. From now on a room that is gone does not get its old epoch back. @throws StorageError */
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
        transaction.run(holdRooms, site, ROOMS_PER_STEP),
        // A room that is gone while others are not does not get its old epoch back.
        transaction.change(renewNonce, site, newNonce()),
      ]);
      if (rows.length === 0) return false;
      const rooms = rows.map(({ id }) => id);
      const counts = await Promise.all(deleteOfRooms.map(each => transaction.change(each, rooms, ROWS_PER_STEP)));
      if (counts.every(count => count < ROWS_PER_STEP)) await transaction.change(deleteRooms, rooms);
      return true;
    });
  }

  /** @returns whether there may be more of it */
  #emptySite(site: string): Promise<boolean> {
    return this.#connections.transaction(async transaction => {
      const counts = await Promise.all(deleteOfSite.map(each => transaction.change(each, site, ROWS_PER_STEP)));
      return counts.some(count => count === ROWS_PER_STEP);
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
