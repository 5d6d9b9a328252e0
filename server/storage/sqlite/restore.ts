import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { makeFile, PRIVATE, refuseUnfinished } from './database-file.js';
import { newDatabase, openDatabase } from './database.js';
import { MIGRATIONS } from './migrations/index.js';
import { openVault } from './database-secrets.js';

/**
 * Copies the file of a backup to a new, private one, and migrates the copy. All rows stay as they
 * were, epochs too.
 *
 * @param use what to do with the copy while it is open
 * @throws StorageError where the backup is damaged, of a newer program or of another secret key
 */
export async function copyBackup(
  { from, to, secretKey }: { readonly from: string; readonly to: string; readonly secretKey: string },
  use: (copy: Database) => Promise<void> | void,
): Promise<void> {
  await refuseUnfinished(from);
  // The copy is private, whoever may read the backup.
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

/** @throws StorageError where the copy is damaged, or no database of this product. */
function check(copy: string, from: string): void {
  const damaged = (reason: string, cause?: unknown) =>
    new StorageError(`${from} is no whole backup: ${reason}`, { cause });
  let database: Database | undefined;
  try {
    database = newDatabase(copy, { fileMustExist: true });
    const found = String(database.pragma('quick_check(1)', { simple: true }));
    if (found !== 'ok') throw damaged(found);
    // SQLite would read a truncated last page as zeros.
    const [pages, pageSize] = [number(database, 'page_count'), number(database, 'page_size')];
    if (statSync(copy).size !== pages * pageSize) throw damaged('its end is missing.');
    const version = number(database, 'user_version');
    if (version < 1) throw damaged('it holds nothing of Chalk Talk.');
    if (version > MIGRATIONS.length) {
      throw new StorageError(`The backup ${from} is of a newer program: restore it with that one.`);
    }
    // openVault would create a missing one.
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
 * Makes a database from a backup, while no server runs on it. Every room gets a new epoch: events
 * after the backup are lost, and new ones would get their numbers, so clients must drop what they
 * hold and take a snapshot. The file is private to the user; if that is root, to the owner of the
 * folder.
 *
 * @throws StorageError where there is a database already, the backup is damaged, of a newer program
 *   or another secret key; nothing is left behind then
 */
export function restoreSqlite({ from, file, secretKey }: RestoreOptions): Promise<void> {
  return makeFile(file, part => copyBackup({ from, to: part, secretKey }, renewEpochs));
}

/** Gives every room a new epoch, also those without a row. */
function renewEpochs(database: Database): void {
  database
    .transaction(() => {
      database.prepare('UPDATE epoch_seed SET seed = randomblob(32)').run();
      // Sixteen characters, as every epoch.
      database.prepare('UPDATE room SET epoch = lower(hex(randomblob(8)))').run();
    })
    .immediate();
}
