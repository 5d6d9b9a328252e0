import { rmSync } from 'node:fs';

import Sqlite, { type Database, type Options } from 'better-sqlite3';

import { type FileIdentity, gone, identityOf, makePrivate } from './database-file.js';
import { migrate } from './migrations/index.js';
import { explained } from './faults.js';

/** The methods of better-sqlite3's native database that create further native objects. */
const MAKERS = ['prepare', 'backup'] as const;

/**
 * Keeps the native objects of this thread from being garbage collected, also those of closed
 * databases. From 24.19 on, Node aborts the process when an object of better-sqlite3 12 is
 * collected between two pieces of script. (Version 13 is free of that, but needs Node 22.) It is
 * safe only when the thread ends, so this has to be state of the module.
 */
const NEVER_COLLECTED: unknown[] = [];

/**
 * Opens a database. Its native objects, some hundred bytes each, stay when it is closed: so do not
 * open databases or prepare statements by the thousand in one thread.
 */
export function newDatabase(file: string, options?: Options): Database {
  const database = new Sqlite(file, options);
  const native = nativeOf(database);
  NEVER_COLLECTED.push(native);
  for (const name of MAKERS) {
    const make: unknown = Reflect.get(native, name);
    if (typeof make !== 'function') throw new TypeError(`better-sqlite3 has no native ${name} any more.`);
    Reflect.set(native, name, (...args: readonly unknown[]) => {
      const made: unknown = Reflect.apply(make, native, args);
      NEVER_COLLECTED.push(made);
      keepIterators(made);
      return made;
    });
  }
  return database;
}

/** Iterators of statements are native objects as well. */
function keepIterators(statement: unknown): void {
  if (typeof statement !== 'object' || statement === null) return;
  const iterate: unknown = Reflect.get(statement, 'iterate');
  if (typeof iterate !== 'function') return;
  Reflect.set(statement, 'iterate', (...args: readonly unknown[]) => {
    const iterator: unknown = Reflect.apply(iterate, statement, args);
    NEVER_COLLECTED.push(iterator);
    return iterator;
  });
}

function nativeOf(database: Database): object {
  for (const symbol of Object.getOwnPropertySymbols(database)) {
    const native: unknown = Reflect.get(database, symbol);
    if (typeof native === 'object' && native !== null) return native;
  }
  throw new TypeError('better-sqlite3 has no native database any more.');
}

/**
 * Opens the database of a server, creates it if it is missing, private to its user, migrates it,
 * and locks it until it is closed.
 *
 * @param file a path, or `:memory:`
 * @param lockPatience how long to wait for another server to release the file, in milliseconds
 * @param known the file that was opened before: no other one is opened or created in its place
 * @throws StorageError where another server holds the file, or it can't be used
 */
export function openDatabase(file: string, lockPatience: number, known?: FileIdentity): Database {
  let database: Database | undefined;
  try {
    if (known !== undefined && identityOf(file) !== known) throw gone(file);
    if (file !== ':memory:') makePrivate(file);
    database = newDatabase(file, { timeout: lockPatience });
    // Before anything touches the file: it is locked from its first use on, and needs no
    // shared-memory file.
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    // A commit returns when it is on the disk, so it survives a power cut.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    // A cache of 64 MiB, and as much in the log before a checkpoint: a turn over many rooms touches
    // pages all over, most of them again in the next turn, and this writes each back once.
    database.pragma('cache_size = -65536');
    database.pragma('wal_autocheckpoint = 16384');
    database.pragma('temp_store = MEMORY');
    // Only the first write takes the lock, and for good.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    // Left over by a reader of the file.
    if (file !== ':memory:') rmSync(`${file}-shm`, { force: true });
    migrate(database);
    return database;
  } catch (fault) {
    database?.close();
    throw explained(fault, file);
  }
}
