import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { makeFile, PRIVATE, refuseUnfinished } from './database-file.js';
import { newDatabase, openDatabase } from './database.js';
import { MIGRATIONS } from './migrations/index.js';
import { openVault } from './database-secrets.js';

/**
 * Copies a file that a backup wrote into a new one that its owner alone can read, and brings the
 * copy to the present form. Of what was copied everything is as it was, the epochs too.
 *
 * @param use what to do with the copy while it is open
 * @throws StorageError where the backup is damaged, of a newer program or of another secret key
 */
export async function copyBackup(
  { from, to, secretKey }: { readonly from: string; readonly to: string; readonly secretKey: string },
  use: (copy: Database) => Promise<void> | void,
): Promise<void> {
  await refuseUnfinished(from);
  // Nobody else may read the copy, whoever may read the backup.
  const written = pipeline(createReadStream(from), createWriteStream(to, { flags: 'wx', mode: PRIVATE }));
  await written.catch((fault: unknown) => {
    throw new StorageError(`The backup ${from} can't be read: ${reasonOf(fault)}`, { cause: fault });
  });
  check(to, from);
  const database = openDatabase(to, 0);
  try {
    openVault(database, secretKey);
    await use(database);
  } finally {
    database.close();
  }
}

/** @throws StorageError where the copy is no whole database of this product. */
function check(copy: string, from: string): void {
  const damaged = (reason: string, cause?: unknown) =>
    new StorageError(`${from} is no whole backup: ${reason}`, { cause });
  let database: Database | undefined;
  try {
    database = newDatabase(copy, { fileMustExist: true });
    const found = String(database.pragma('quick_check(1)', { simple: true }));
    if (found !== 'ok') throw damaged(found);
    // SQLite takes what is missing of the last page for zeros.
    const [pages, pageSize] = [number(database, 'page_count'), number(database, 'page_size')];
    if (statSync(copy).size !== pages * pageSize) throw damaged('its end is missing.');
    const version = number(database, 'user_version');
    if (version < 1) throw damaged('it holds nothing of Chalk Talk.');
    if (version > MIGRATIONS.length) {
      throw new StorageError(`The backup ${from} is of a newer program: restore it with that one.`);
    }
    // Opening the vault of a database without one would make one.
    if (!database.prepare('SELECT 1 FROM vault').get()) throw damaged('it has no vault.');
  } catch (fault) {
    throw fault instanceof StorageError ? fault : damaged(reasonOf(fault), fault);
  } finally {
    database?.close();
  }
}

function number(database: Database, pragma: string): number {
  return Number(database.pragma(pragma, { simple: true }));
}

function reasonOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

export interface RestoreOptions {
  /** A file that a backup wrote. */
  readonly from: string;
  /** Where the database shall be; nothing may be there yet. */
  readonly file: string;
  /** The operator's secret of the server that wrote the backup. */
  readonly secretKey: string;
}

/**
 * Makes a database from a backup, while no server runs on it. Every room gets a new epoch: what
 * happened after the backup is lost, and what happens now would bear the same numbers, so whoever
 * holds some of that drops it and takes a snapshot. The file can be read by its owner alone: who
 * restores it, or whose folder it is in where that is root.
 *
 * @throws StorageError where there is a database already, the backup is damaged, of a newer program
 *   or another secret key; nothing is left behind then.
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
