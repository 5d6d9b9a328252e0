import Sqlite, { type Database, type Options } from 'better-sqlite3';

/** What better-sqlite3 makes natively for a database: statements, also those behind `pragma`, and backups. */
const MAKERS = ['prepare', 'backup'] as const;

/**
 * The native objects of this thread, for as long as it lives. From 24.19 on Node aborts the process where one of them is collected between two
 * pieces of script, as better-sqlite3 12 makes them (13 does not, but needs Node 22), and that may happen to a closed database too. Nobody
 * could let go of them: a thread's end is the only one at which none is collected so.
 */
const NEVER_COLLECTED: unknown[] = [];

/**
 * Opens a database whose native objects stay when it is closed: some hundred bytes each. So nobody should prepare statements, or open databases,
 * by the thousand in one thread.
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
