import pg from 'pg';

import { partsOf } from '../../domain/room-key.js';
import { type Append, StorageError } from '../../domain/storage.js';
import { columnsOf } from './columns.js';
import type { Connections } from './connections.js';
import { statement } from './statement.js';

/** What has become of a turn, as the database knows it. */
export type Fate = 'kept' | 'lost' | 'open';

const statusOf = statement<[transaction: string], { readonly status: string | null }>(
  'SELECT pg_xact_status($1::xid8) AS status',
);

/**
 * Counts those of a turn's commands that this transaction has kept: a row bears the number of the
 * transaction that wrote it (`xmin`).
 */
const countKept = statement<
  [transaction: string, sites: Texts, names: Texts, persons: Texts, ids: Texts, seqs: readonly number[]],
  { readonly count: number }
>(
  `SELECT count(*) AS count
   FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) AS asked (site, name, person, id, seq)
   JOIN room USING (site, name)
   CROSS JOIN LATERAL (
     SELECT FROM accepted
     WHERE accepted.room = room.id AND accepted.person = asked.person AND accepted.id = asked.id
       AND accepted.seq = asked.seq AND accepted.xmin = $1::xid8::xid OFFSET 0
   ) AS given`,
);

type Texts = readonly string[];

/** Invalid parameter: the database has not given out this number. */
const IN_THE_FUTURE = '22023';

/**
 * Finds out what has become of a turn whose COMMIT was not answered. Two things together tell that
 * it was kept: the rows of all its commands are there, and they bear the number of its transaction.
 *
 * The rows alone do not tell it: people may have sent the commands again since, and another server
 * may have kept them. The number alone does not either: a PostgreSQL that has crashed, or one that
 * took over from another, gives out again the numbers that it had not written down.
 *
 * @param transaction its number, as Transaction.number tells it
 * @returns `lost` too where PostgreSQL has given that number to no transaction
 * @throws StorageError where that can't be learned just now
 */
export async function fateOf(connections: Connections, transaction: string, appends: readonly Append[]): Promise<Fate> {
  try {
    const [row] = await connections.run(statusOf, transaction);
    if (row?.status === 'in progress') return 'open';
  } catch (fault) {
    if (isInTheFuture(fault)) return 'lost';
    throw fault;
  }
  // Asked after the status: a transaction that is no longer in progress shows all that it has kept.
  const commands = appends.flatMap(({ room, accepted }) => accepted.map(each => ({ ...partsOf(room), ...each })));
  const columns = columnsOf(commands, ['site', 'room', 'person', 'id', 'seq']);
  const [row] = await connections.run(countKept, transaction, ...columns);
  return commands.length > 0 && row?.count === commands.length ? 'kept' : 'lost';
}

function isInTheFuture(fault: unknown): boolean {
  return fault instanceof StorageError && fault.cause instanceof pg.DatabaseError && fault.cause.code === IN_THE_FUTURE;
}
