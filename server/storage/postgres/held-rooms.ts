import { partsOf, type RoomKey } from '../../domain/room-key.js';
import type { TurnRequest } from '../../domain/storage.js';
import { epochOf, newEpoch } from '../epoch.js';
import { columnsOf } from './columns.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';

export type { Bit } from '../rows.js';

/** A row that belongs to a room, by the room's number. */
export interface OfRoom {
  readonly room: number;
}

/** A room whose row a transaction has locked: nobody else appends to it until that ends. */
export interface HeldRoom {
  readonly id: number;
  readonly key: RoomKey;
  readonly epoch: string;
  readonly seq: number;
  readonly floor: number;
  readonly redactions: number;
  /** Its row was inserted for this turn, and is to be filled or deleted. */
  readonly isNew?: true;
  /** It got a new epoch in this turn, which is to be committed whatever else the turn does. */
  readonly isRenewed?: true;
}

/** The number of a room whose site does not exist. */
export const NOWHERE = 0;

/**
 * Inserts rows that nobody else sees before the turn commits. Another turn that is to insert one of
 * them waits for this one.
 * Turns can't deadlock: each first locks the rows that exist, and then inserts the missing ones in
 * the order of their names.
 */
const makeRows = statement<[sites: Texts, names: Texts], { readonly id: number; readonly key: string }>(
  `INSERT INTO room (site, name, title, epoch, seq, created_at)
   SELECT asked.site, asked.name, asked.name, '', 0, 0
   FROM unnest($1::text[], $2::text[]) AS asked (site, name) JOIN site ON site.id = asked.site
   ORDER BY asked.site COLLATE "C", asked.name COLLATE "C"
   ON CONFLICT (site, name) DO NOTHING RETURNING id, site || '/' || name AS key`,
);

const noncesOf = statement<[sites: Texts], { readonly id: string; readonly nonce: Uint8Array }>(
  'SELECT id, nonce FROM site WHERE id = ANY ($1::text[])',
);

const fillRows = statement<[ids: readonly number[], epochs: Texts, seqs: readonly number[], at: number]>(
  `UPDATE room SET epoch = made.epoch, seq = made.seq, created_at = $4
   FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS made (id, epoch, seq) WHERE room.id = made.id`,
);

const removeRows = statement<[ids: readonly number[]]>('DELETE FROM room WHERE id = ANY ($1::bigint[])');

type Texts = readonly string[];

/**
 * Locks rooms without a row, by inserting one for each.
 *
 * @returns undefined where another turn has inserted one of the rows meanwhile
 */
export async function reserve(
  transaction: Transaction,
  seed: Uint8Array,
  keys: readonly RoomKey[],
): Promise<readonly HeldRoom[] | undefined> {
  const parts = keys.map(partsOf);
  const [made, found] = await Promise.all([
    transaction.run(makeRows, ...columnsOf(parts, ['site', 'room'])),
    // Read after the rows are inserted: from then on nobody can delete the site that they refer to.
    transaction.run(noncesOf, [...new Set(parts.map(({ site }) => site))]),
  ]);
  const ids = new Map(made.map(({ id, key }) => [key, id]));
  const nonces = new Map(found.map(({ id, nonce }) => [id, nonce]));
  const rooms: HeldRoom[] = [];
  for (const key of keys) {
    const nonce = nonces.get(partsOf(key).site);
    const id = ids.get(key) ?? NOWHERE;
    if (nonce && id === NOWHERE) return undefined;
    rooms.push({
      id,
      key,
      epoch: epochOf(seed, nonce, key),
      seq: 0,
      floor: 0,
      redactions: 0,
      ...(nonce && { isNew: true }),
    });
  }
  return rooms;
}

/**
 * Fills or deletes the rows that `reserve` inserted. Where that fails, so does the COMMIT.
 *
 * @param filled rooms with appended events, and where their timelines now end
 * @param unused rooms without
 * @param at milliseconds since 1970
 */
export function finishReserved(
  transaction: Transaction,
  filled: readonly Pick<HeldRoom, 'id' | 'epoch' | 'seq'>[],
  unused: readonly HeldRoom[],
  at: number,
): void {
  if (filled.length > 0) void transaction.change(fillRows, ...columnsOf(filled, ['id', 'epoch', 'seq']), at);
  if (unused.length > 0) void transaction.change(removeRows, ...columnsOf(unused, ['id']));
}

const setEpochs = statement<[ids: readonly number[], epochs: readonly string[]]>(
  `UPDATE room SET epoch = renewed.epoch FROM unnest($1::bigint[], $2::text[]) AS renewed (id, epoch)
   WHERE room.id = renewed.id`,
);

/**
 * Gives a new epoch to rooms whose clients know more events than the database has. This happens
 * when a standby is promoted that had not received the last commits. The next events would get the
 * same numbers as the lost ones, and in the same epoch nobody would notice that these are two
 * timelines. A failure is reported by the COMMIT.
 *
 * @param rooms those that the transaction has locked
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

/**
 * What a client has of a timeline was committed, so it is in the database unless it was lost since.
 */
function endsBefore({ epoch, seq }: HeldRoom, position: TurnRequest['after']): boolean {
  return position?.epoch === epoch && position.seq > seq;
}
