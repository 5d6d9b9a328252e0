import type { HeldState } from '../../../protocol/timeline/state.js';
import {
  type AuthorRow,
  authorOf,
  settingOf,
  type SettingRow,
  SHAPE_COLUMNS,
  type ShapeRow,
  shapeOf,
} from '../rows.js';
import type { OfRoom } from './held-rooms.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';

/** What a room's state is made of, beside its place in the timeline. */
export type Board = Pick<HeldState, 'people' | 'shapes' | 'settings'>;

/** SHAPE_COLUMNS for a statement in which other tables have columns of the same names. */
export const OF_SHAPE = SHAPE_COLUMNS.replaceAll(/\w+/g, 'shape.$&');

const authors = statement<[rooms: readonly number[]], AuthorRow & OfRoom>(
  'SELECT room, idx, person, name, guest FROM author WHERE room = ANY ($1::bigint[]) ORDER BY room, idx',
);

const visible = statement<[rooms: readonly number[]], ShapeRow & OfRoom>(
  `SELECT room, ${SHAPE_COLUMNS} FROM shape WHERE room = ANY ($1::bigint[]) AND hidden = 0 ORDER BY room, seq`,
);

const settings = statement<[rooms: readonly number[]], SettingRow & OfRoom>(
  'SELECT room, name, value FROM room_setting WHERE room = ANY ($1::bigint[]) ORDER BY room, name',
);

export function emptyBoard(): Board {
  return { people: new Map(), shapes: new Map(), settings: new Map() };
}

/**
 * Loads authors, settings and visible shapes of rooms, by the rooms' numbers.
 * @throws StorageError
 */
export async function loadBoards(
  transaction: Transaction,
  rooms: readonly number[],
): Promise<ReadonlyMap<number, Board>> {
  const [people, shapes, set] = await Promise.all([
    transaction.run(authors, rooms),
    transaction.run(visible, rooms),
    transaction.run(settings, rooms),
  ]);
  const boards = new Map(rooms.map(room => [room, emptyBoard()]));
  for (const row of people) boards.get(row.room)?.people.set(...authorOf(row));
  for (const row of shapes) boards.get(row.room)?.shapes.set(row.id, shapeOf(row));
  for (const row of set) boards.get(row.room)?.settings.set(...settingOf(row));
  return boards;
}
