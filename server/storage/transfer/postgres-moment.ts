import { statement } from '../postgres/statement.js';
import type { Transaction } from '../postgres/transaction.js';
import type { Moment } from './copying.js';
import type { Column, Table, Value } from './tables.js';

/** Rows handed over at once, at most; each has some KB. */
const BATCH = 200;

/** What a database of PostgreSQL holds at the moment of a transaction that was begun by AT_ONE_MOMENT. */
export function postgresMoment(transaction: Transaction): Moment {
  return {
    async *rows(table: Table) {
      const cursor = `rows_of_${table.name}`;
      await transaction.run(statement<[]>(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${selectOf(table)}`));
      const fetch = statement<[], Readonly<Record<string, Value>>>(`FETCH ${BATCH} FROM ${cursor}`);
      try {
        for (;;) {
          const rows = await transaction.run(fetch);
          if (rows.length > 0) yield rows.map(row => table.columns.map(({ name }) => row[name] ?? null));
          if (rows.length < BATCH) break;
        }
      } finally {
        // In a transaction that has failed there are no cursors any more.
        await transaction.run(statement<[]>(`CLOSE ${cursor}`)).catch(() => undefined);
      }
    },
  };
}

function selectOf({ name, columns, number, summedBy }: Table): string {
  if (summedBy !== undefined) {
    const [keys, sums] = [columns.slice(0, summedBy), columns.slice(summedBy)];
    const summed = sums.map(column => `sum(${column.name})::bigint AS ${column.name}`);
    return `SELECT ${[namesOf(keys), ...summed].join()} FROM ${name} GROUP BY ${namesOf(keys)}`;
  }
  return `SELECT ${namesOf(columns)} FROM ${name}${number === undefined ? '' : ` ORDER BY ${number}`}`;
}

function namesOf(columns: readonly Column[]): string {
  return columns.map(({ name }) => name).join();
}
