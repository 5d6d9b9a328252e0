import { partsOf, type RoomKey } from '../../domain/room-key.js';
import type { ReadMark } from '../read-mark-batch.js';
import { columnsOf } from './columns.js';
import type { Connections } from './connections.js';
import { statement } from './statement.js';

const position = statement<[site: string, name: string, person: string], { readonly seq: number }>(
  `SELECT read_position.seq FROM room JOIN read_position ON read_position.room = room.id
   WHERE room.site = $1 AND room.name = $2 AND read_position.person = $3`,
);

/**
 * Rows are locked in one order, so that no statements wait for each other in a circle. Rooms that
 * somebody is just removing are left out: they need no positions any more, and those of other rooms
 * don't wait for them.
 */
const mark = statement<
  [sites: readonly string[], names: readonly string[], persons: readonly string[], seqs: readonly number[]]
>(
  `INSERT INTO read_position (room, person, seq)
   WITH theirs AS (
     SELECT room.id, asked.person, least(asked.seq, room.seq)
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS asked (site, name, person, seq)
     JOIN room USING (site, name) ORDER BY room.id, asked.person COLLATE "C" FOR KEY SHARE OF room SKIP LOCKED
   )
   SELECT * FROM theirs
   ON CONFLICT (room, person) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > read_position.seq`,
);

/** How far a person has read. @throws StorageError */
export async function readPosition(connections: Connections, room: RoomKey, person: string): Promise<number> {
  const { site, room: name } = partsOf(room);
  const [row] = await connections.run(position, site, name, person);
  return row?.seq ?? 0;
}

/**
 * Moves positions forward, all at once; never back, and never past the timeline's end.
 *
 * @throws StorageError
 */
export async function keepReadMarks(connections: Connections, marks: readonly ReadMark[]): Promise<void> {
  const rows = marks.map(({ room, person, seq }) => ({ ...partsOf(room), person, seq }));
  await connections.change(mark, ...columnsOf(rows, ['site', 'room', 'person', 'seq']));
}
