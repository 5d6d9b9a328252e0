import type { Database, Statement } from 'better-sqlite3';

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

/** Rows deleted in one step: so few that turns hardly wait for it. */
const ROWS_PER_STEP = 1_000;

/** Deletes a site and everything of it, step by step. */
export class SiteRemover {
  /**
   * One step, in a transaction of its own. Keys go first, so that nobody comes any more; then room by room; the site itself
   * last, so that a removal that was interrupted is taken up again by another one.
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
    let left = ROWS_PER_STEP;
    for (const room of this.#rooms.all(site, ROWS_PER_STEP)) {
      for (const statement of this.#deleteRows) if (left > 0) left -= statement.run(room, left).changes;
      if (left <= 0) return false;
      this.#deleteRoom.run(room);
      left -= 1;
    }
    left -= this.#deleteRevocations.run(site, left).changes;
    if (left < ROWS_PER_STEP) return false;
    this.#deleteUsage.run(site);
    this.#deleteSite.run(site);
    return true;
  }
}
