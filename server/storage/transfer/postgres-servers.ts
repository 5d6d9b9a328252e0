import { setTimeout as pause } from 'node:timers/promises';

import { StorageError } from '../../domain/storage.js';
import type { Connections } from '../postgres/connections.js';
import { statement } from '../postgres/statement.js';

/** Connections of other programs of ours to the same database: all of them are called the same. */
const OTHERS = statement<[], { readonly count: number }>(
  `SELECT count(*)::integer AS count FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = current_setting('application_name')`,
);

/** PostgreSQL lists those that have just closed for some time. In milliseconds. */
const [LOOK_EVERY, LOOK_FOR] = [50, 1_000];

/**
 * Sees that nobody else uses a database. A server that is just ending is waited for.
 *
 * @throws StorageError where a server runs on it, or a command works on it
 */
export async function awaitUnused(connections: Connections, place: string): Promise<void> {
  for (let waited = 0; waited < LOOK_FOR; waited += LOOK_EVERY) {
    if (!(await isUsed(connections))) return;
    await pause(LOOK_EVERY);
  }
  await refuseUsed(connections, place);
}

/** The same, of a transaction that keeps others away from its first statement on. @throws StorageError */
export async function refuseUsed(database: Pick<Connections, 'run'>, place: string): Promise<void> {
  if (!(await isUsed(database))) return;
  throw new StorageError(
    `${place} is in use: a server runs on it, or another command works on it. End that first. (A copy of what a running server holds is ` +
      'made by `chalk-talk backup`.) Nothing in it was changed.',
  );
}

async function isUsed(database: Pick<Connections, 'run'>): Promise<boolean> {
  const [others] = await database.run(OTHERS);
  return others?.count !== 0;
}
