import type { TurnRequest } from '../../domain/storage.js';
import { newEpoch } from '../epoch.js';
import { columnsOf } from './columns.js';
import type { HeldRoom } from './held-rooms.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';

const setEpochs = statement<[ids: readonly number[], epochs: readonly string[]]>(
  `UPDATE room SET epoch = renewed.epoch FROM unnest($1::bigint[], $2::text[]) AS renewed (id, epoch)
   WHERE room.id = renewed.id`,
);

/**
 * Gives a new epoch to rooms of which more was told than the database has. That comes of a standby that stepped in the primary's place before it
 * was sent the last commits. People have things on their screens that are kept nowhere, and what is appended next would bear the same numbers: in the
 * same epoch nobody would notice that these are two timelines. Who fails is told by the COMMIT.
 *
 * @param rooms those that the transaction holds
 * @returns all of them, as they are now
 */
export function renewSetBack(
  transaction: Transaction,
  requests: readonly TurnRequest[],
  rooms: readonly HeldRoom[],
): readonly HeldRoom[] {
  const asked = new Map(requests.map(request => [request.room, request]));
  const now = rooms.map((room): HeldRoom => {
    const { after, told } = asked.get(room.key) ?? {};
    const isSetBack = endsBefore(room, after) || endsBefore(room, told);
    return isSetBack ? { ...room, epoch: newEpoch(), isRenewed: true } : room;
  });
  const renewed = now.filter(({ isRenewed }) => isRenewed);
  if (renewed.length > 0) void transaction.change(setEpochs, ...columnsOf(renewed, ['id', 'epoch']));
  return now;
}

/** What somebody has of a timeline was kept, and seen by whoever holds the room later: unless it was lost since. */
function endsBefore({ epoch, seq }: HeldRoom, position: TurnRequest['after']): boolean {
  return position?.epoch === epoch && position.seq > seq;
}
