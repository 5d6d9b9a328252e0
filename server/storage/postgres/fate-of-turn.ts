import pg from 'pg';

import { partsOf } from '../../domain/room-key.js';
import { type Append, StorageError } from '../../domain/storage.js';
import { columnsOf } from './columns.js';
import type { Connections } from './connections.js';
import { statement } from './statement.js';

/** The outcome of a turn, as the database knows it. */
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
 * Finds the outcome of a turn whose COMMIT was not answered. It was committed if the rows of all
 * its commands exist and carry its transaction id.
 * The rows alone prove nothing: clients may have sent the commands again, and another server may
 * have accepted them. Nor does the id alone: after a crash or failover PostgreSQL reuses ids that
 * it had not written to disk.
 *
 * @param transaction its id, from Transaction.number
 * @returns `lost` also where PostgreSQL has not assigned that id
 * @throws StorageError where the outcome can't be learned just now
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
