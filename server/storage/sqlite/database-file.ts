/**
 * The files of a database: private to the server's user, published whole, and watched while open.
 */
import { closeSync, openSync, statSync } from 'node:fs';
import { chown, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { StorageError } from '../../domain/storage.js';
import { StorageFaultError } from '../storage-fault.js';

/** Reads and writes for the owner, nothing for others. */
export const PRIVATE = 0o600;

/**
 * Creates a file that only its owner may read, where there is none. SQLite gives its companion
 * files the permissions of the database, but creates the database by the process's umask.
 */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', PRIVATE));
}

/** Renames a complete file, with all that it takes for file and name to survive a power cut. */
export async function publish(part: string, file: string): Promise<void> {
  await sync(part);
  await rename(part, file);
  await sync(dirname(file));
}

/** Syncs a file, or the names in a folder. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** SQLite's companion files of a database that was not closed. */
const COMPANIONS = ['-wal', '-journal'];

/**
 * Creates the file of a database under `<file>.part`, and renames it when it is complete. It
 * belongs to the user; if that is root, to the owner of the folder.
 *
 * @param fill creates a file of that name, and closes it
 * @throws StorageError where it exists already, or can't be made; nothing is left behind then
 */
export async function makeFile<Value>(file: string, fill: (part: string) => Promise<Value>): Promise<Value> {
  await refuseExisting(file);
  const part = `${file}.part`;
  try {
    await removeDatabase(part);
    const value = await fill(part);
    await giveToFolderOwner(part);
    await refuseExisting(file);
    await publish(part, file);
    return value;
  } catch (fault) {
    await removeDatabase(part).catch(() => undefined);
    if (fault instanceof StorageError) throw fault;
    const reason = fault instanceof Error ? fault.message : String(fault);
    throw new StorageError(`The database ${file} can't be made: ${reason}`, { cause: fault });
  }
}

/**
 * @throws StorageError for a database that is in use or was not closed: a part of it is in its log
 */
export async function refuseUnfinished(file: string): Promise<void> {
  for (const ending of COMPANIONS) {
    if (!(await sizeOf(file + ending))) continue;
    throw new StorageError(`${file} is a database in use, or one that was not closed, and no backup.`);
  }
}

/** Gives a file made by root to the owner of its folder, who runs the server. */
export async function giveToFolderOwner(file: string): Promise<void> {
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

async function removeDatabase(file: string): Promise<void> {
  for (const ending of ['', ...COMPANIONS]) await rm(file + ending, { force: true });
}

function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

/** Device and inode. */
export type FileIdentity = string;

/** The database, and its write-ahead log. */
const ENDINGS = ['', '-wal'];

/**
 * Watches the files of an open database. A removed or replaced file can still be written by who has
 * it open, and the data would be lost: so the files are checked before and after each write.
 */
export class HeldFile {
  readonly #file: string;
  readonly #identities: readonly (FileIdentity | undefined)[];

  /** @param file an open database whose log is there */
  constructor(file: string) {
    this.#file = file;
    this.#identities = ENDINGS.map(ending => identityOf(file + ending));
  }

  /** Of the database. */
  get identity(): FileIdentity | undefined {
    return this.#identities[0];
  }

  /** @throws StorageFaultError `missing` where a name no longer leads to the open file. */
  check(): void {
    for (const [index, ending] of ENDINGS.entries()) {
      if (identityOf(this.#file + ending) !== this.#identities[index]) throw gone(this.#file + ending);
    }
  }
}

/** Undefined where there is no such file, and for a database in memory. */
export function identityOf(file: string): FileIdentity | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}

/** The error for a file that was removed or replaced. */
export function gone(path: string): StorageFaultError {
  return new StorageFaultError(
    'missing',
    `${path} was removed or replaced while the server runs on it. Put it back; or save what the server still holds with ` +
      `\`chalk-talk backup\`, end the server, and restore that backup.`,
  );
}
