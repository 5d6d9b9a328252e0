import { chown, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { StorageError } from '../../domain/storage.js';
import { publish } from './durable-files.js';

/** What SQLite keeps beside a database that was not closed. */
const COMPANIONS = ['-wal', '-journal'];

/**
 * Makes the file of a database, which is there when it is complete and not before: until then it is `<file>.part`. It belongs to who makes it,
 * or to whose folder it is in where that is root.
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

/** A database that is in use, or was not closed, is no copy of one moment: a part of it is in another file. */
export async function refuseUnfinished(file: string): Promise<void> {
  for (const ending of COMPANIONS) {
    if (!(await sizeOf(file + ending))) continue;
    throw new StorageError(`${file} is a database in use, or one that was not closed, and no backup.`);
  }
}

/** A file that root made could not be used by the server, which is seldom root; whose folder it is, is who runs it. */
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
