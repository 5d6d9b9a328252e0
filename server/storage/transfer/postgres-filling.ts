import { nameOf, type PostgresPlace } from '../../config/database-url.js';
import { StorageError } from '../../domain/storage.js';
import { Connections } from '../postgres/connections.js';
import { migratePostgres } from '../postgres/migrate.js';
import { MIGRATIONS } from '../postgres/migrations/index.js';
import { statement } from '../postgres/statement.js';
import type { Transaction } from '../postgres/transaction.js';
import type { Filling } from './copying.js';
import { COPYING } from './patience.js';
import { awaitUnused, refuseUsed } from './postgres-servers.js';
import { type Kind, OWN, type Row, type Table, TABLES, type Value } from './tables.js';

const TYPES: Readonly<Record<Kind, string>> = { integer: 'bigint', text: 'text', bytes: 'bytea' };

/** Of tables that may be there, or not yet, those that are. */
const presentTables = statement<[names: readonly string[]], { readonly name: string }>(
  'SELECT name FROM unnest($1::text[]) AS asked (name) WHERE to_regclass(name) IS NOT NULL',
);

/**
 * Fills an empty database of PostgreSQL in one transaction: what `fill` adds is there when it has ended, all of it at once. The database is brought
 * to the present form before, and before that it is looked at: one that is in use or holds something stays in the form that it has. While it is
 * filled no server can be started on it: one that tries waits for its tables for some seconds (`Patience.lock`), and then gives up.
 *
 * @param migrations up to the present form
 * @throws StorageError where it holds something, or a server runs on it; and whatever `fill` throws. Nothing is added to it then
 */
export async function fillPostgres<Value>(
  place: PostgresPlace,
  fill: (filling: Filling) => Promise<Value>,
  migrations: readonly string[] = MIGRATIONS,
): Promise<Value> {
  const connections = new Connections({ url: place.url, size: 1, patience: COPYING });
  try {
    const name = nameOf(place);
    await awaitUnused(connections, name);
    await refuseFilled(connections, name);
    await migratePostgres(place.url, migrations);
    // The connection that migrated it is listed for a moment longer. And a server would hold what is locked next.
    await awaitUnused(connections, name);
    const value = await connections.transaction(async transaction => {
      await takeEmpty(transaction, name);
      return fillTables(transaction, fill);
    });
    // Without this PostgreSQL would plan statements as for empty tables.
    await connections.change(statement<[]>('ANALYZE'));
    return value;
  } finally {
    await connections.close();
  }
}

/** Keeps everybody else away, and makes room for the rows that every database has of its own. */
async function takeEmpty(transaction: Transaction, place: string): Promise<void> {
  const tables = TABLES.map(({ name }) => name);
  await transaction.run(statement<[]>(`LOCK TABLE ${tables.join()} IN ACCESS EXCLUSIVE MODE`));
  await refuseUsed(transaction, place);
  await refuseFilled(transaction, place);
  for (const table of OWN) await transaction.change(statement<[]>(`DELETE FROM ${table}`));
}

/** Sees that a database, of whichever form, holds nothing but what every one has of its own. @throws StorageError */
async function refuseFilled(database: Pick<Connections, 'run'>, place: string): Promise<void> {
  const tables = TABLES.flatMap(({ name }) => (OWN.has(name) ? [] : [name]));
  for (const { name } of await database.run(presentTables, tables)) {
    const [row] = await database.run(statement<[], object>(`SELECT 1 FROM ${name} LIMIT 1`));
    if (!row) continue;
    throw new StorageError(`There is something in ${place} already: what is copied goes into an empty database.`);
  }
}

async function fillTables<Value>(transaction: Transaction, fill: (filling: Filling) => Promise<Value>): Promise<Value> {
  const value = await fill({ add: (table, rows) => add(transaction, table, rows) });
  for (const { name, number } of TABLES) if (number !== undefined) await passNumbers(transaction, name, number);
  await transaction.change(statement<[]>('UPDATE site_change SET number = number + 1'));
  return value;
}

async function add(transaction: Transaction, { name, columns }: Table, rows: readonly Row[]): Promise<void> {
  const arrays = columns.map(({ kind }, index) => `$${index + 1}::${TYPES[kind]}[]`);
  const names = columns.map(column => column.name);
  const insert = statement<Value[][]>(`INSERT INTO ${name} (${names.join()}) SELECT * FROM unnest(${arrays.join()})`);
  const added = await transaction.change(
    insert,
    ...columns.map((_column, index) => rows.map(row => row[index] ?? null)),
  );
  if (added !== rows.length) throw new StorageError(`Of ${rows.length} rows of ${name} ${added} were added.`);
}

async function passNumbers(transaction: Transaction, table: string, column: string): Promise<void> {
  await transaction.run(
    statement<[]>(
      `SELECT setval(pg_get_serial_sequence('${table}', '${column}'), coalesce(max(${column}), 0) + 1, false) FROM ${table}`,
    ),
  );
}
