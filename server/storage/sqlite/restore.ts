import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { chown, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { openDatabase } from './database.js';
import { publish } from './durable-files.js';
import { MIGRATIONS } from './migrations/index.js';
import { newDatabase } from './new-database.js';
import { PRIVATE } from './private-file.js';
import { openVault } from './vault.js';

export interface RestoreOptions {
  /** A file that a backup wrote. */
  readonly from: string;
  /** Where the database shall be; nothing may be there yet. */
  readonly file: string;
  /** The operator's secret of the server that wrote the backup. */
  readonly secretKey: string;
}

/** What SQLite keeps beside a database that was not closed. */
const COMPANIONS = ['-wal', '-journal'];

/**
 * Makes a database from a backup, while no server runs on it. Every room gets a new epoch: what happened after the backup is lost,
 * and what happens now would bear the same numbers, so whoever holds some of that drops it and takes a snapshot. The file can be read by
 * its owner alone: who restores it, or whose folder it is in where that is root.
 *
 * @throws StorageError where there is a database already, the backup is damaged, of a newer program or another secret key;
 *   nothing is left behind then.
 */
export async function restoreSqlite({ from, file, secretKey }: RestoreOptions): Promise<void> {
  await refuseExisting(file);
  await refuseUnfinished(from);
  const part = `${file}.part`;
  try {
    await removeDatabase(part);
    await copyPrivately(from, part).catch((fault: unknown) => {
      throw new StorageError(`The backup ${from} can't be read: ${reasonOf(fault)}`, { cause: fault });
    });
    check(part, from);
    renew(part, secretKey);
    await giveToFolderOwner(part);
    await refuseExisting(file);
    await publish(part, file);
  } catch (fault) {
    await removeDatabase(part).catch(() => undefined);
    if (fault instanceof StorageError) throw fault;
    throw new StorageError(`The database ${file} can't be restored: ${reasonOf(fault)}`, { cause: fault });
  }
}

/** Copies a file into a new one that nobody else may read, whoever may read the first. */
async function copyPrivately(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createWriteStream(to, { flags: 'wx', mode: PRIVATE }));
}

/** A file that root made could not be used by the server, which is seldom root; whose folder it is, is who runs it. */
async function giveToFolderOwner(file: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(file));
  await chown(file, uid, gid);
}

async function refuseExisting(file: string): Promise<void> {
  for (const path of [file, ...COMPANIONS.map(ending => file + ending)]) {
    if ((await sizeOf(path)) === undefined) continue;
    throw new StorageError(`There is ${path} already: stop the server that uses it, and move it away first.`);
  }
}

/** A database that is in use, or was not closed, is no copy of one moment: a part of it is in another file. */
async function refuseUnfinished(from: string): Promise<void> {
  for (const ending of COMPANIONS) {
    if (!(await sizeOf(from + ending))) continue;
    throw new StorageError(`${from} is a database in use, or one that was not closed, and no backup.`);
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

/** Brings the copy to the present form, and gives every room, those without a row too, a new epoch. */
function renew(copy: string, secretKey: string): void {
  const database = openDatabase(copy, 0);
  try {
    openVault(database, secretKey);
    database
      .transaction(() => {
        database.prepare('UPDATE epoch_seed SET seed = randomblob(32)').run();
        // Sixteen characters, as every epoch.
        database.prepare('UPDATE room SET epoch = lower(hex(randomblob(8)))').run();
      })
      .immediate();
  } finally {
    database.close();
  }
}

async function removeDatabase(file: string): Promise<void> {
  for (const ending of ['', ...COMPANIONS]) await rm(file + ending, { force: true });
}

function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

function reasonOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
