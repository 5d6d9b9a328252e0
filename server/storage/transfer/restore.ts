import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { DatabasePlace } from '../../config/database-url.js';
import { copyBackup } from '../sqlite/backup-file.js';
import { restoreSqlite } from '../sqlite/restore.js';
import { copyAll } from './copying.js';
import { fillPostgres } from './postgres-filling.js';
import { sqliteMoment } from './sqlite-moment.js';

export interface RestoreOptions {
  /** A file that a backup wrote, whichever engine it was made from. */
  readonly from: string;
  /** Is empty, or not there yet. */
  readonly to: DatabasePlace;
  /** The operator's secret of the server that wrote the backup. */
  readonly secretKey: string;
}

/**
 * Makes a database from a backup, before a server is started on it. Every room gets a new epoch: see restoreSqlite.
 *
 * @throws StorageError where there is something in the database already, or the backup is damaged, of a newer program or another secret key;
 *   nothing is left behind then
 */
export async function restore({ from, to, secretKey }: RestoreOptions): Promise<void> {
  if (to.engine === 'sqlite') {
    await mkdir(dirname(to.file), { recursive: true, mode: 0o700 });
    await restoreSqlite({ from, file: to.file, secretKey });
    return;
  }
  // A backup of an older form is brought to the present one first, and the backup itself is never written to.
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-restore-'));
  try {
    await copyBackup({ from, to: join(folder, 'copy.db'), secretKey }, async copy => {
      await fillPostgres(to, filling => copyAll(sqliteMoment(copy), filling, 'new'));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
