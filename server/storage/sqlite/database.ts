import { rmSync } from 'node:fs';

import type { Database } from 'better-sqlite3';

import { type FileIdentity, gone, identityOf } from './held-file.js';
import { migrate } from './migrations/index.js';
import { newDatabase } from './new-database.js';
import { explained } from './opening-faults.js';
import { makePrivate } from './private-file.js';

/**
 * Opens the database of one server, made for its own user alone if it is not there, brings it to the present form and holds it alone until it is closed.
 *
 * @param file a path, or `:memory:`
 * @param lockPatience how long to wait for another server to let go of the file, in milliseconds
 * @param known the file that was opened here before: no other one is, and none is made in its place
 * @throws StorageError where another server holds the file, or where it can't be used.
 */
export function openDatabase(file: string, lockPatience: number, known?: FileIdentity): Database {
  let database: Database | undefined;
  try {
    if (known !== undefined && identityOf(file) !== known) throw gone(file);
    if (file !== ':memory:') makePrivate(file);
    database = newDatabase(file, { timeout: lockPatience });
    // Before anything else touches the file: from its first use on, it is ours alone, and no shared-memory file is needed.
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    // What was acknowledged survives a power cut: a commit returns when the disk has it.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    // 64 MiB of pages in memory, and as much in the log before it is folded into the file: a turn over many rooms touches
    // pages all over, most of them again in the next one, and this writes them home once instead of each time.
    database.pragma('cache_size = -65536');
    database.pragma('wal_autocheckpoint = 16384');
    database.pragma('temp_store = MEMORY');
    // Opening alone locks nothing; a first write does, and for good.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    // Whoever looked into the file without writing needed one.
    if (file !== ':memory:') rmSync(`${file}-shm`, { force: true });
    migrate(database);
    return database;
  } catch (fault) {
    database?.close();
    throw explained(fault, file);
  }
}
