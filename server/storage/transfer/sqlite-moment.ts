import type { Database } from 'better-sqlite3';

import type { Moment } from './copying.js';
import type { Row, Table, Value } from './tables.js';

/** Rows handed over at once, at most; each has some KB. */
const BATCH = 200;

/** What a database of SQLite in the present form holds, to which nobody writes. */
export function sqliteMoment(database: Database): Moment {
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
