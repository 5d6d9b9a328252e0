import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copyAll, type Counts } from '../database-copy.js';
import { rowsOfSqlite } from '../sqlite/copy.js';
import { copyBackup } from '../sqlite/restore.js';
import type { StorageDriver } from '../storage-driver.js';

export interface CopyOptions {
  /** No server runs on it. */
  readonly from: StorageDriver;
  /** Is empty, or does not exist yet. */
  readonly to: StorageDriver;
  /** The operator's secret of both. */
  readonly secretKey: string;
}

/**
 * Copies everything to another database, of the same engine or another one, to go on there. Epochs
 * stay, so pages notice nothing. The first database must not be used any more: it would give the
 * same numbers to other events.
 *
 * @throws StorageError where one of them can't be used for that; the first is unchanged then, and
 *   the other empty
 */
export function copyDatabase({ from, to, secretKey }: CopyOptions): Promise<Counts> {
  return from.read(secretKey, source => to.fill(sink => copyAll(source, sink, 'kept')));
}

export interface RestoreOptions {
  /** A file that a backup wrote, whichever engine it was made from. */
  readonly from: string;
  /** Is empty, or does not exist yet. */
  readonly to: StorageDriver;
  /** The operator's secret of the server that wrote the backup. */
  readonly secretKey: string;
}

/**
 * Makes a database from a backup, before a server is started on it. Every room gets a new epoch:
 * see restoreSqlite.
 *
 * @throws StorageError where the database is not empty, or the backup is damaged, of a newer
 *   program or another secret key; nothing is left behind then
 */
export async function restore({ from, to, secretKey }: RestoreOptions): Promise<void> {
  if (to.restore) {
    await to.restore(from, secretKey);
    return;
  }
  // A backup of an older schema is migrated first, and the backup itself is never written to.
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-restore-'));
  try {
    await copyBackup({ from, to: join(folder, 'copy.db'), secretKey }, async copy => {
      await to.fill(sink => copyAll(rowsOfSqlite(copy), sink, 'new'));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
