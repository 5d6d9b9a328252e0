import { rmSync } from 'node:fs';

import Sqlite, { type Database, type Options } from 'better-sqlite3';

import { type FileIdentity, gone, identityOf, makePrivate } from './database-file.js';
import { migrate } from './migrations/index.js';
import { explained } from './faults.js';

/**
 * What better-sqlite3 makes natively for a database: statements, also those behind `pragma`, and
 * backups.
 */
const MAKERS = ['prepare', 'backup'] as const;

/**
 * The native objects of this thread, for as long as it lives. From 24.19 on Node aborts the process
 * where one of them is collected between two pieces of script, as better-sqlite3 12 makes them (13
 * does not, but needs Node 22), and that may happen to a closed database too. Nobody could let go
 * of them: a thread's end is the only one at which none is collected so.
 */
const NEVER_COLLECTED: unknown[] = [];

/**
 * Opens a database whose native objects stay when it is closed: some hundred bytes each. So nobody
 * should prepare statements, or open databases, by the thousand in one thread.
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

/** What a statement is walked through with is a native object as well. */
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
 * Opens the database of one server, made for its own user alone if it is not there, brings it to
 * the present form and holds it alone until it is closed.
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
    // Before anything else touches the file: from its first use on, it is ours alone, and no
    // shared-memory file is needed.
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    // What was acknowledged survives a power cut: a commit returns when the disk has it.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    // 64 MiB of pages in memory, and as much in the log before it is folded into the file: a turn
    // over many rooms touches pages all over, most of them again in the next one, and this writes
    // them home once instead of each time.
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
