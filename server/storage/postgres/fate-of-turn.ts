import type { RoomKey } from '../../domain/room-key.js';
import { partsOf } from '../../domain/room-key.js';
import type { Append } from '../../domain/storage.js';
import type { Connections } from './connections.js';
import { type HeldRoom, holdSlots, slotsOf } from './held-rooms.js';
import { statement } from './statement.js';

const holdRow = statement<[room: number], object>('SELECT FROM room WHERE id = $1 FOR NO KEY UPDATE');

const holds = statement<[site: string, name: string, person: string, id: string], { readonly known: boolean }>(
  `SELECT EXISTS (
     SELECT FROM room JOIN accepted ON accepted.room = room.id
     WHERE room.site = $1 AND room.name = $2 AND accepted.person = $3 AND accepted.id = $4
   ) AS known`,
);

/** One by its room is as good as all: they were kept in one transaction or not at all. */
export interface Trace {
  readonly room: HeldRoom;
  readonly person: string;
  readonly id: string;
}

/** What to look for to learn whether appends were kept; undefined where they accept nothing. */
export function traceOf(appends: readonly Append[], held: ReadonlyMap<RoomKey, HeldRoom>): Trace | undefined {
  for (const { room: key, accepted } of appends) {
    const room = held.get(key);
    const [command] = accepted;
    if (room && command) return { room, person: command.person, id: command.id };
  }
  return undefined;
}

/**
 * Looks whether a turn was kept whose answer was lost. That turn still holds its rooms as long as it can be kept, so this waits until it does
 * not.
 *
 * @throws StorageError where that can't be learned just now
 */
export function wasKept(connections: Connections, { room, person, id }: Trace): Promise<boolean> {
  return connections.transaction(async transaction => {
    const { site, room: name } = partsOf(room.key);
    const [, [row]] = await Promise.all([
      room.isNew ? transaction.run(holdSlots, slotsOf([room.key])) : transaction.run(holdRow, room.id),
      transaction.run(holds, site, name, person, id),
    ]);
    return row?.known === true;
  });
}
