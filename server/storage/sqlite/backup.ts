import { access, type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { publish } from './database-file.js';

/** What mkdtemp adds. */
const RANDOM = /^[A-Za-z0-9]{6}$/;

/**
 * How the names of folders begin in which a copy of this database is made: beside it, on the disk
 * that is known to hold such a thing, and where a server that was killed finds what it left.
 */
export function backupPrefix(file: string): string {
  return file === ':memory:' ? join(tmpdir(), 'chalk-talk-backup-') : join(dirname(file), `.${basename(file)}.backup-`);
}

/**
 * Removes what a server that was killed left; to be called by who holds the database alone. Other
 * databases' folders stay.
 */
export async function removeLeftovers(file: string): Promise<void> {
  if (file === ':memory:') return;
  const [folder, prefix] = [dirname(file), basename(backupPrefix(file))];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !RANDOM.test(name.slice(prefix.length))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Pages copied at once: a millisecond's work, about. */
const PAGES_PER_STEP = 64;

/** Pages that may be copied before the disk has the ones before them. */
const PAGES_PER_SYNC = 1024;

/** How long to doze where the disk is behind, in milliseconds. */
const NAP = 1;

/**
 * Writes a consistent copy of the database into a new file, a few pages at a time, so that other
 * work goes on between. What is written meanwhile is in it too. The file is there when it is
 * complete, and not before: until then it is `<file>.part`.
 *
 * @throws StorageError where there is such a file already, or it can't be written.
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
 * Keeps the copy no farther ahead of the disk than a few megabytes. Else all of it would be written
 * out at its end, or with a commit that shares the disk's journal, and every turn would wait for
 * that.
 */
class Pace {
  readonly #file: FileHandle;
  #sinceSync = 0;
  #isSyncing = false;
  #fault: Error | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** How many pages to copy next; it is asked again soon where that is none. */
  next(remainingPages: number): number {
    if (this.#fault) throw this.#fault;
    const isLast = remainingPages <= PAGES_PER_STEP;
    if (this.#sinceSync >= PAGES_PER_SYNC || (isLast && this.#sinceSync > PAGES_PER_STEP)) {
      if (!this.#isSyncing) void this.#sync();
      // Who calls this does so again at once: without a nap it would burn a processor until the
      // disk is done.
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
      // Whoever has no more use for the copy removes it.
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
