import { hash } from 'node:crypto';

import { partsOf, type RoomKey } from '../../domain/room-key.js';
import { epochOf } from '../epoch.js';
import { columnsOf } from './columns.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';

export type { Bit } from '../rows.js';

/** A row that belongs to a room, by the room's number. */
export interface OfRoom {
  readonly room: number;
}

/** A room that a transaction holds: nobody else appends to it until that ends. */
export interface HeldRoom {
  readonly id: number;
  readonly key: RoomKey;
  readonly epoch: string;
  readonly seq: number;
  readonly floor: number;
  /** It has no row, but the number that its row will have. */
  readonly isNew?: true;
}

interface ReservedRow {
  readonly id: number;
  readonly key: RoomKey;
  /** Null where there is no such site. */
  readonly nonce: Uint8Array | null;
  readonly made: boolean;
}

/** What first appends are kept apart by: so few that a turn of many new rooms does not fill the server's table of locks. */
const SLOTS = 128;

/** Of advisory locks of two numbers, those whose first one is this belong to first appends. */
const FIRST_APPENDS = 1_668_638_059;

/** In the order of the array, so that two turns never wait for each other. */
export const holdSlots = statement<[slots: readonly number[]], object>(
  `SELECT pg_advisory_xact_lock(${FIRST_APPENDS}, slot) FROM unnest($1::integer[]) AS slot`,
);

const reserveRooms = statement<[sites: readonly string[], names: readonly string[]], ReservedRow>(
  `SELECT nextval(pg_get_serial_sequence('room', 'id')) AS id, asked.site || '/' || asked.name AS key, site.nonce,
     EXISTS (SELECT FROM room WHERE room.site = asked.site AND room.name = asked.name) AS made
   FROM unnest($1::text[], $2::text[]) AS asked (site, name) LEFT JOIN site ON site.id = asked.site`,
);

/**
 * Holds rooms that have no row: whoever else is about to append to one for the first time waits.
 *
 * @returns undefined where one of them has come into being meanwhile
 */
export async function reserve(
  transaction: Transaction,
  seed: Uint8Array,
  keys: readonly RoomKey[],
): Promise<readonly HeldRoom[] | undefined> {
  const [, rows] = await Promise.all([
    transaction.run(holdSlots, slotsOf(keys)),
    transaction.run(reserveRooms, ...columnsOf(keys.map(partsOf), ['site', 'room'])),
  ]);
  if (rows.some(({ made }) => made)) return undefined;
  return rows.map(({ id, key, nonce }) => {
    return { id, key, epoch: epochOf(seed, nonce ?? undefined, key), seq: 0, floor: 0, isNew: true };
  });
}

/** Each once, lowest first. */
export function slotsOf(keys: readonly RoomKey[]): readonly number[] {
  const slots = keys.map(key => hash('sha256', key, 'buffer').readUInt16BE() % SLOTS);
  return [...new Set(slots)].sort((one, other) => one - other);
}
