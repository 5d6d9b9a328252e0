import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { checkSchemaVersion, type RowSink, type RowSource } from '../database-copy.js';
import { OWN, type Row, type Table, type Value } from '../tables.js';
import { StorageFaultError } from '../storage-fault.js';
import { checkDatabase } from './check-database.js';
import { makeFile, makePrivate } from './database-file.js';
import { newDatabase } from './database.js';
import { migrate, MIGRATIONS } from './migrations/index.js';

/** Rows of one batch, at most; each has some KB. */
const BATCH = 200;

/** The rows of a database of SQLite of the present schema, to which nobody writes. */
export function rowsOfSqlite(database: Database): RowSource {
  return {
    *rows({ name, columns, number }: Table) {
      const names = columns.map(column => column.name).join();
      const sql = `SELECT ${names} FROM ${name}${number === undefined ? '' : ` ORDER BY ${number}`}`;
      let rows: Row[] = [];
      for (const row of database.prepare<[], Value[]>(sql).raw().iterate()) {
        rows.push(row);
        if (rows.length < BATCH) continue;
        yield rows;
        rows = [];
      }
      if (rows.length > 0) yield rows;
    },
  };
}

/**
 * Reads the file of a database while no server runs on it, nor can be started; see
 * StorageDriver.read.
 *
 * @throws StorageError where there is none, it is in use, damaged, of another schema version or
 *   secret key; and whatever `read` throws
 */
export async function readSqlite<Value>(
  file: string,
  secretKey: string,
  read: (source: RowSource) => Promise<Value>,
): Promise<Value> {
  if (!statSync(file, { throwIfNoEntry: false })?.size) throw new StorageError(`There is no database ${file}.`);
  let database: Database | undefined;
  try {
    checkDatabase(file, secretKey, 0);
    database = newDatabase(file, { readonly: true, timeout: 0 });
    // Takes a snapshot, and a lock: a server that is started now says that the file is in use.
    database.exec('BEGIN; SELECT 1 FROM vault');
    checkSchemaVersion(file, Number(database.pragma('user_version', { simple: true })), MIGRATIONS.length);
    return await read(rowsOfSqlite(database));
  } catch (fault) {
    throw inUseExplained(fault, file);
  } finally {
    database?.close();
  }
}

/** The error; if the file is locked, with a message for the user of a command. */
export function inUseExplained(fault: unknown, file: string): unknown {
  if (!(fault instanceof StorageFaultError) || fault.fault !== 'locked') return fault;
  const message = `${file} is in use: a server runs on it, or another program has it open. End that first. Nothing in it was changed.`;
  return new StorageFaultError('locked', message, { cause: fault });
}

/**
 * Creates the file of a database, which appears when `fill` has ended; see StorageDriver.fill.
 *
 * @throws StorageError where it exists already, or can't be made; and whatever `fill` throws.
 *   Nothing is left behind then
 */
export async function fillSqlite<Value>(file: string, fill: (sink: RowSink) => Promise<Value>): Promise<Value> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  return makeFile(file, async part => {
    makePrivate(part);
    const database = newDatabase(part);
    try {
      // No journal is needed: an incomplete file is deleted, and a complete one is synced before it
      // is renamed.
      database.pragma('locking_mode = EXCLUSIVE');
      database.pragma('journal_mode = OFF');
      database.pragma('synchronous = OFF');
      database.pragma('foreign_keys = ON');
      database.pragma('cache_size = -65536');
      migrate(database);
      for (const table of OWN) database.exec(`DELETE FROM ${table}`);
      database.exec('BEGIN');
      const value = await fill(sinkInto(database, part));
      database.exec('COMMIT');
      return value;
    } finally {
      database.close();
    }
  });
}

function sinkInto(database: Database, file: string): RowSink {
  const statements = new Map<Table, (row: Row) => void>();
  const insertInto = (table: Table) => {
    const names = table.columns.map(({ name }) => name);
    const sql = `INSERT INTO ${table.name} (${names.join()}) VALUES (${names.map(() => '?').join()})`;
    const statement = database.prepare<Value[]>(sql);
    return (row: Row) => void statement.run(...row);
  };
  return {
    add(table, rows) {
      // Whoever no longer wants the copy removes it.
      if (!statSync(file, { throwIfNoEntry: false })) throw new StorageError(`${file} was removed.`);
      const insert = statements.get(table) ?? insertInto(table);
      statements.set(table, insert);
      rows.forEach(insert);
    },
  };
}
