import { StorageError } from '../../domain/storage.js';
import { statement } from '../postgres/statement.js';
import type { Transaction } from '../postgres/transaction.js';

/** Connections of other programs of ours to the same database: all of them are called the same. */
const OTHERS = statement<[], { readonly count: number }>(
  `SELECT count(*)::integer AS count FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = current_setting('application_name')`,
);

/** @throws StorageError where a server runs on the database, or a command like this one works on it */
export async function refuseServers(transaction: Transaction, place: string): Promise<void> {
  const [others] = await transaction.run(OTHERS);
  if (others?.count === 0) return;
  throw new StorageError(
    `${place} is in use: a server runs on it, or another command works on it. End that first. (A copy of what a running server holds is ` +
      'made by `chalk-talk backup`.) Nothing in it was changed.',
  );
}
