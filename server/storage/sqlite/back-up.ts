import { access, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';

/**
 * Writes a consistent copy of the database into a new file, a few pages at a time, so that other work goes on between. What is
 * written meanwhile is in it too. The file is there when it is complete, and not before: until then it is `<file>.part`.
 *
 * @throws StorageError where there is such a file already, or it can't be written.
 */
export async function backUp(database: Database, file: string): Promise<void> {
  if (await isThere(file)) throw new StorageError(`There is a file ${file} already: a backup goes into a new one.`);
  const part = `${file}.part`;
  try {
    await rm(part, { force: true });
    await database.backup(part);
    await sync(part);
    await rename(part, file);
    await sync(dirname(file));
  } catch (fault) {
    await rm(part, { force: true }).catch(() => undefined);
    const reason = fault instanceof Error ? fault.message : String(fault);
    throw new StorageError(`The backup ${file} can't be written: ${reason}`, { cause: fault });
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
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
