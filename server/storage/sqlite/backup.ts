import { access, type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { publish } from './database-file.js';

/** What mkdtemp adds. */
const RANDOM = /^[A-Za-z0-9]{6}$/;

/**
 * The prefix of temporary folders for copies of this database. They are beside it: on a disk that
 * has the room, and where a server that was killed finds what it left.
 */
export function backupPrefix(file: string): string {
  return file === ':memory:' ? join(tmpdir(), 'chalk-talk-backup-') : join(dirname(file), `.${basename(file)}.backup-`);
}

/**
 * Removes what a killed server left. To be called while holding the database. Folders of other
 * databases stay.
 */
export async function removeLeftovers(file: string): Promise<void> {
  if (file === ':memory:') return;
  const [folder, prefix] = [dirname(file), basename(backupPrefix(file))];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !RANDOM.test(name.slice(prefix.length))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Pages copied at once: about a millisecond's work. */
const PAGES_PER_STEP = 64;

/** Pages between two syncs. */
const PAGES_PER_SYNC = 1024;

/** How long to sleep while the disk is behind, in milliseconds. */
const NAP = 1;

/**
 * Writes a consistent copy of the database into a new file, a few pages at a time, with other work
 * in between. Later writes are included. Until it is complete the file is `<file>.part`.
 *
 * @throws StorageError where the file exists already, or can't be written
 */
export async function backUp(database: Database, file: string): Promise<void> {
  if (await isThere(file)) throw new StorageError(`There is a file ${file} already: a backup goes into a new one.`);
  const part = `${file}.part`;
  try {
    await rm(part, { force: true });
    const handle = await open(part, 'wx', 0o600);
    try {
      const pace = new Pace(handle);
      await database.backup(part, { progress: ({ remainingPages }) => pace.next(remainingPages) });
    } finally {
      await handle.close();
    }
    await publish(part, file);
  } catch (fault) {
    await rm(part, { force: true }).catch(() => undefined);
    const reason = fault instanceof Error ? fault.message : String(fault);
    throw new StorageError(`The backup ${file} can't be written: ${reason}`, { cause: fault });
  }
}

/**
 * Keeps the copy at most a few megabytes ahead of the disk. Otherwise all of it would be flushed at
 * its end, or with a commit that shares the file system's journal, and every turn would wait.
 */
class Pace {
  readonly #file: FileHandle;
  #sinceSync = 0;
  #isSyncing = false;
  #fault: Error | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** How many pages to copy next; where that is 0, it is called again soon. */
  next(remainingPages: number): number {
    if (this.#fault) throw this.#fault;
    const isLast = remainingPages <= PAGES_PER_STEP;
    if (this.#sinceSync >= PAGES_PER_SYNC || (isLast && this.#sinceSync > PAGES_PER_STEP)) {
      if (!this.#isSyncing) void this.#sync();
      // It is called again at once: without a pause it would spin until the disk is done.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP);
      return 0;
    }
    this.#sinceSync += PAGES_PER_STEP;
    return PAGES_PER_STEP;
  }

  async #sync(): Promise<void> {
    this.#isSyncing = true;
    try {
      await this.#file.datasync();
      // Whoever no longer wants the copy removes it.
      if ((await this.#file.stat()).nlink === 0) throw new Error('Its file was removed.');
    } catch (fault) {
      this.#fault = fault instanceof Error ? fault : new Error(String(fault));
    }
    this.#sinceSync = 0;
    this.#isSyncing = false;
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
