/** Files that hold what people said: nobody but the server's own user may read them. */
import { closeSync, openSync, statSync } from 'node:fs';
import { chown, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { StorageError } from '../../domain/storage.js';
import { StorageFaultError } from '../storage-fault.js';

/** Reads and writes for the owner, nothing for others. */
export const PRIVATE = 0o600;

/**
 * Makes a file that nobody else may read, where there is none yet. SQLite gives what it keeps
 * beside a database the same permissions as the database has, but makes the database itself with
 * whatever the process's umask leaves.
 */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', PRIVATE));
}

/**
 * Gives a file its name when the disk has all of it, and returns when the disk has the name too.
 */
export async function publish(part: string, file: string): Promise<void> {
  await sync(part);
  await rename(part, file);
  await sync(dirname(file));
}

/** Returns when the disk has a file, or the names in a folder. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What SQLite keeps beside a database that was not closed. */
const COMPANIONS = ['-wal', '-journal'];

/**
 * Makes the file of a database, which is there when it is complete and not before: until then it is
 * `<file>.part`. It belongs to who makes it, or to whose folder it is in where that is root.
 *
 * @param fill makes a file of that name, and closes it
 * @throws StorageError where there is one already, or it can't be made; nothing is left behind then
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
 * A database that is in use, or was not closed, is no copy of one moment: a part of it is in
 * another file.
 */
export async function refuseUnfinished(file: string): Promise<void> {
  for (const ending of COMPANIONS) {
    if (!(await sizeOf(file + ending))) continue;
    throw new StorageError(`${file} is a database in use, or one that was not closed, and no backup.`);
  }
}

/**
 * A file that root made could not be used by the server, which is seldom root; whose folder it is,
 * is who runs it.
 */
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

/** By what a file is known, whatever its name. */
export type FileIdentity = string;

/** The database itself, and the log beside it that holds what is not folded into it yet. */
const ENDINGS = ['', '-wal'];

/**
 * The files of an open database. A file that is removed or replaced can be written all the same by
 * who had it open, and nobody would ever find there what was kept: so they are looked at before and
 * after each thing that is kept.
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

  /**
   * @throws StorageFaultError `missing` where the names are no longer those of the files that are
   *   open.
   */
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

/** What to say of a file that is gone, or another one. */
export function gone(path: string): StorageFaultError {
  return new StorageFaultError(
    'missing',
    `${path} was removed or replaced while the server runs on it. Put it back; or save what the server still holds with ` +
      `\`chalk-talk backup\`, end the server, and restore that backup.`,
  );
}
