import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { migrate } from '../sqlite/migrations/index.js';
import { newDatabase } from '../sqlite/new-database.js';
import { makeFile } from '../sqlite/new-file.js';
import { makePrivate } from '../sqlite/private-file.js';
import type { Filling } from './copying.js';
import { OWN, type Row, type Table, type Value } from './tables.js';

/**
 * Makes the file of a database, which is there when `fill` has ended and not before.
 *
 * @throws StorageError where there is one already, or it can't be made; and whatever `fill` throws. Nothing is left behind then
 */
export async function fillSqlite<Value>(file: string, fill: (filling: Filling) => Promise<Value>): Promise<Value> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  return makeFile(file, async part => {
    makePrivate(part);
    const database = newDatabase(part);
    try {
      // It needs no journal: a file that is filled in part is thrown away, and a full one is on the disk before it gets its name.
      database.pragma('locking_mode = EXCLUSIVE');
      database.pragma('journal_mode = OFF');
      database.pragma('synchronous = OFF');
      database.pragma('foreign_keys = ON');
      database.pragma('cache_size = -65536');
      migrate(database);
      for (const table of OWN) database.exec(`DELETE FROM ${table}`);
      database.exec('BEGIN');
      const value = await fill(fillingOf(database, part));
      database.exec('COMMIT');
      return value;
    } finally {
      database.close();
    }
  });
}

function fillingOf(database: Database, file: string): Filling {
  const statements = new Map<Table, (row: Row) => void>();
  const insertInto = (table: Table) => {
    const names = table.columns.map(({ name }) => name);
    const sql = `INSERT INTO ${table.name} (${names.join()}) VALUES (${names.map(() => '?').join()})`;
    const statement = database.prepare<Value[]>(sql);
    return (row: Row) => void statement.run(...row);
  };
  return {
    add(table, rows) {
      // By removing it somebody says that they have no more use for it.
      if (!statSync(file, { throwIfNoEntry: false })) throw new StorageError(`${file} was removed.`);
      const insert = statements.get(table) ?? insertInto(table);
      statements.set(table, insert);
      rows.forEach(insert);
    },
  };
}
