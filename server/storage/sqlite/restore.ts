import type { Database } from 'better-sqlite3';

import { copyBackup } from './backup-file.js';
import { makeFile } from './new-file.js';

export interface RestoreOptions {
  /** A file that a backup wrote. */
  readonly from: string;
  /** Where the database shall be; nothing may be there yet. */
  readonly file: string;
  /** The operator's secret of the server that wrote the backup. */
  readonly secretKey: string;
}

/**
 * Makes a database from a backup, while no server runs on it. Every room gets a new epoch: what happened after the backup is lost,
 * and what happens now would bear the same numbers, so whoever holds some of that drops it and takes a snapshot. The file can be read by
 * its owner alone: who restores it, or whose folder it is in where that is root.
 *
 * @throws StorageError where there is a database already, the backup is damaged, of a newer program or another secret key;
 *   nothing is left behind then.
 */
export function restoreSqlite({ from, file, secretKey }: RestoreOptions): Promise<void> {
  return makeFile(file, part => copyBackup({ from, to: part, secretKey }, renewEpochs));
}

/** Gives every room, those without a row too, a new epoch. */
function renewEpochs(database: Database): void {
  database
    .transaction(() => {
      database.prepare('UPDATE epoch_seed SET seed = randomblob(32)').run();
      // Sixteen characters, as every epoch.
      database.prepare('UPDATE room SET epoch = lower(hex(randomblob(8)))').run();
    })
    .immediate();
}
