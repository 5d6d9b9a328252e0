import { setTimeout as pause } from 'node:timers/promises';

import { StorageError } from '../../domain/storage.js';
import { checkSchemaVersion, checkSecretKey, type RowSink, type RowSource } from '../database-copy.js';
import { type Column, type Kind, OWN, type Row, type Table, TABLES, type Value } from '../tables.js';
import { Connections, type Patience } from './connections.js';
import { migratePostgres } from './migrate.js';
import { MIGRATIONS } from './migrations/index.js';
import { statement } from './statement.js';
import { AT_ONE_MOMENT, READ_AT_ONE_MOMENT, type Transaction } from './transaction.js';

/** Statements may take as long as a large table needs. In milliseconds; 0 is no limit. */
const COPYING: Patience = { connect: 10_000, lock: 10_000, statement: 0, idle: 0, answer: 0 };

/** A database, and what to call it in messages. */
interface PostgresDatabase {
  readonly url: string;
  readonly name: string;
}

const IS_KNOWN = statement<[], { readonly known: boolean }>(`SELECT to_regclass('schema_form') IS NOT NULL AS known`);
const FORM = statement<[], { readonly form: number }>('SELECT form FROM schema_form');

/** @throws StorageError where a database of PostgreSQL does not have the present schema */
async function checkPostgresVersion(connections: Connections, place: string): Promise<void> {
  const [found] = await connections.run(IS_KNOWN);
  const [row] = found?.known ? await connections.run(FORM) : [];
  if (!row) throw new StorageError(`No server has ever run on ${place}: there is nothing in it.`);
  checkSchemaVersion(place, row.form, MIGRATIONS.length);
}

/** Rows of one batch, at most; each has some KB. */
const BATCH = 200;

/** The rows of a database of PostgreSQL, by a transaction that was begun with AT_ONE_MOMENT. */
function rowsOfPostgres(transaction: Transaction): RowSource {
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
        // A failed transaction has no cursors any more.
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

/**
 * Counts connections of our other programs to the same database, which all have one application
 * name.
 */
const OTHERS = statement<[], { readonly count: number }>(
  `SELECT count(*)::integer AS count FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = current_setting('application_name')`,
);

/** PostgreSQL still lists connections that have just closed. In milliseconds. */
const [LOOK_EVERY, LOOK_FOR] = [50, 1_000];

/**
 * Checks that nobody else uses a database; waits for a server that is just ending.
 *
 * @throws StorageError where a server runs on it, or a command works on it
 */
async function awaitUnused(connections: Connections, place: string): Promise<void> {
  for (let waited = 0; waited < LOOK_FOR; waited += LOOK_EVERY) {
    if (!(await isUsed(connections))) return;
    await pause(LOOK_EVERY);
  }
  await refuseUsed(connections, place);
}

/** The same for a transaction that has locked others out already. @throws StorageError */
async function refuseUsed(database: Pick<Connections, 'run'>, place: string): Promise<void> {
  if (!(await isUsed(database))) return;
  throw new StorageError(
    `${place} is in use: a server runs on it, or another command works on it. End that first. (A copy of what a running server holds is ` +
      'made by `chalk-talk backup`.) Nothing in it was changed.',
  );
}

async function isUsed(database: Pick<Connections, 'run'>): Promise<boolean> {
  const [others] = await database.run(OTHERS);
  return others?.count !== 0;
}

/**
 * Reads a database while no server runs on it, and nobody can change it; see StorageDriver.read.
 *
 * @throws StorageError where a server runs on it, it is empty, or has another schema version or
 *   secret key; and whatever `read` throws
 */
export async function readPostgres<Value>(
  database: PostgresDatabase,
  secretKey: string,
  read: (source: RowSource) => Promise<Value>,
): Promise<Value> {
  const { url, name } = database;
  const connections = new Connections({ url, size: 1, patience: COPYING });
  try {
    await checkPostgresVersion(connections, name);
    // Checked before the LOCK, which would wait for a running server.
    await awaitUnused(connections, name);
    return await connections.transaction(async transaction => {
      // The snapshot is taken after the LOCK: earlier changes have ended by then, and no others
      // start.
      const tables = TABLES.map(table => table.name);
      await transaction.run(statement<[]>(`LOCK TABLE ${tables.join()} IN SHARE MODE`));
      await refuseUsed(transaction, name);
      const source = rowsOfPostgres(transaction);
      await checkSecretKey(source, name, secretKey);
      return read(source);
    }, AT_ONE_MOMENT);
  } finally {
    await connections.close();
  }
}

/**
 * Reads a consistent snapshot of a database while servers run on it.
 *
 * @throws StorageError, and whatever `read` throws
 */
export async function readLivePostgres<Value>(
  { url }: Pick<PostgresDatabase, 'url'>,
  read: (source: RowSource) => Promise<Value>,
): Promise<Value> {
  const connections = new Connections({ url, size: 1, patience: COPYING });
  try {
    return await connections.transaction(transaction => read(rowsOfPostgres(transaction)), READ_AT_ONE_MOMENT);
  } finally {
    await connections.close();
  }
}

const TYPES: Readonly<Record<Kind, string>> = { integer: 'bigint', text: 'text', bytes: 'bytea' };

/** Those of the given tables that exist. */
const presentTables = statement<[names: readonly string[]], { readonly name: string }>(
  'SELECT name FROM unnest($1::text[]) AS asked (name) WHERE to_regclass(name) IS NOT NULL',
);

/**
 * Fills an empty database in one transaction; see StorageDriver.fill. It is migrated first, unless
 * it is in use or not empty. A server that is started meanwhile waits for the locked tables for
 * some seconds (`Patience.lock`), and then gives up.
 *
 * @param migrations up to the present schema
 * @throws StorageError where it is not empty, or a server runs on it; and whatever `fill` throws.
 *   Nothing is added then
 */
export async function fillPostgres<Value>(
  database: PostgresDatabase,
  fill: (sink: RowSink) => Promise<Value>,
  migrations: readonly string[] = MIGRATIONS,
): Promise<Value> {
  const { url, name } = database;
  const connections = new Connections({ url, size: 1, patience: COPYING });
  try {
    await awaitUnused(connections, name);
    await refuseFilled(connections, name);
    await migratePostgres(url, migrations);
    // The connection of the migration is still listed for a moment; and a running server would
    // block the next lock.
    await awaitUnused(connections, name);
    const value = await connections.transaction(async transaction => {
      await takeEmpty(transaction, name);
      return fillTables(transaction, fill);
    });
    // Otherwise PostgreSQL would plan statements as for empty tables.
    await connections.change(statement<[]>('ANALYZE'));
    return value;
  } finally {
    await connections.close();
  }
}

/** Locks everybody else out, and deletes the rows that every database has of its own. */
async function takeEmpty(transaction: Transaction, place: string): Promise<void> {
  const tables = TABLES.map(({ name }) => name);
  await transaction.run(statement<[]>(`LOCK TABLE ${tables.join()} IN ACCESS EXCLUSIVE MODE`));
  await refuseUsed(transaction, place);
  await refuseFilled(transaction, place);
  for (const table of OWN) await transaction.change(statement<[]>(`DELETE FROM ${table}`));
}

/**
 * Checks that a database, of any schema version, holds only the rows that every one has of its own.
 *
 * @throws StorageError
 */
async function refuseFilled(database: Pick<Connections, 'run'>, place: string): Promise<void> {
  const tables = TABLES.flatMap(({ name }) => (OWN.has(name) ? [] : [name]));
  for (const { name } of await database.run(presentTables, tables)) {
    const [row] = await database.run(statement<[], object>(`SELECT 1 FROM ${name} LIMIT 1`));
    if (!row) continue;
    throw new StorageError(`There is something in ${place} already: what is copied goes into an empty database.`);
  }
}

async function fillTables<Value>(transaction: Transaction, fill: (sink: RowSink) => Promise<Value>): Promise<Value> {
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
