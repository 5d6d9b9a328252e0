import { Connections } from '../postgres/connections.js';
import { READ_AT_ONE_MOMENT } from '../postgres/transaction.js';
import { copyAll } from './copying.js';
import { COPYING } from './patience.js';
import { postgresMoment } from './postgres-moment.js';
import { fillSqlite } from './sqlite-filling.js';

/**
 * Writes what a database of PostgreSQL holds at one moment into a new file, which is a database of SQLite, while servers go on with theirs.
 *
 * @throws StorageError where there is such a file already, or one of both fails; nothing is left behind then
 */
export async function postgresToFile(url: string, file: string): Promise<void> {
  const connections = new Connections({ url, size: 1, patience: COPYING });
  try {
    await connections.transaction(
      transaction => fillSqlite(file, filling => copyAll(postgresMoment(transaction), filling, 'kept')),
      READ_AT_ONE_MOMENT,
    );
  } finally {
    await connections.close();
  }
}
