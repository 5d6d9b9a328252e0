import { nameOf, type PostgresPlace } from '../../config/database-url.js';
import { Connections } from '../postgres/connections.js';
import { statement } from '../postgres/statement.js';
import { AT_ONE_MOMENT } from '../postgres/transaction.js';
import type { Moment } from './copying.js';
import { judgeKey } from './judge-key.js';
import { COPYING } from './patience.js';
import { judgePostgresForm } from './postgres-form.js';
import { postgresMoment } from './postgres-moment.js';
import { awaitUnused, refuseUsed } from './postgres-servers.js';
import { TABLES } from './tables.js';

/**
 * Reads a database of PostgreSQL on which no server runs, and which nobody changes meanwhile.
 *
 * @throws StorageError where a server runs on it, nothing is in it, or it is of another form than the present one or of another secret key; and
 *   whatever `read` throws
 */
export async function readPostgres<Value>(
  place: PostgresPlace,
  secretKey: string,
  read: (moment: Moment) => Promise<Value>,
): Promise<Value> {
  const [connections, name] = [new Connections({ url: place.url, size: 1, patience: COPYING }), nameOf(place)];
  try {
    await judgePostgresForm(connections, name);
    // Asked before anything is locked, for the lock would have to wait for a server.
    await awaitUnused(connections, name);
    return await connections.transaction(async transaction => {
      // What is read is of the moment after the LOCK: whoever was changing something has ended by then, and nobody else begins.
      const tables = TABLES.map(table => table.name);
      await transaction.run(statement<[]>(`LOCK TABLE ${tables.join()} IN SHARE MODE`));
      await refuseUsed(transaction, name);
      const moment = postgresMoment(transaction);
      await judgeKey(moment, name, secretKey);
      return read(moment);
    }, AT_ONE_MOMENT);
  } finally {
    await connections.close();
  }
}
