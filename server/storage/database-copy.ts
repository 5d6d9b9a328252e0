import { randomBytes } from 'node:crypto';

import { StorageError } from '../domain/storage.js';
import { newEpoch } from './epoch.js';
import { sealingOf } from './sealing.js';
import { type Row, type Table, TABLES, type Value } from './tables.js';

/** A consistent snapshot of a database, whatever is written to it meanwhile. */
export interface RowSource {
  /**
   * The rows of a table in batches, so that a large table takes no more memory than a small one.
   */
  rows(table: Table): AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;
}

/** A database that is being filled. It can't be used before it is complete. */
export interface RowSink {
  add(table: Table, rows: readonly Row[]): Promise<void> | void;
}

/** Rows copied, by table. */
export type Counts = ReadonlyMap<string, number>;

/**
 * Copies all rows.
 *
 * @param epochs `kept` where the copy replaces the original; `new` where it goes back to an earlier
 *   moment. Later events are lost then, and others will get their numbers: the new epoch tells
 *   pages to drop what they hold and take a snapshot
 */
export async function copyAll(from: RowSource, to: RowSink, epochs: 'kept' | 'new'): Promise<Counts> {
  const counts = new Map<string, number>();
  for (const table of TABLES) {
    const change = epochs === 'new' ? renewal(table) : (row: Row) => row;
    let count = 0;
    for await (const rows of from.rows(table)) {
      await to.add(table, rows.map(change));
      count += rows.length;
    }
    counts.set(table.name, count);
  }
  return counts;
}

/** Replaces the epoch in a row, or the seed that epochs are derived from. */
function renewal({ name, columns }: Table): (row: Row) => Row {
  const column = RENEWED[name];
  if (!column) return row => row;
  const place = columns.findIndex(({ name }) => name === column.name);
  return row => row.with(place, column.make());
}

const RENEWED: Readonly<Record<string, { readonly name: string; readonly make: () => Value }>> = {
  epoch_seed: { name: 'seed', make: () => randomBytes(32) },
  room: { name: 'epoch', make: newEpoch },
};

/**
 * @throws StorageError where a database that is to be copied does not have the present schema
 *   version
 */
export function checkSchemaVersion(name: string, version: number, present: number): void {
  if (version === present) return;
  const has = `${name} has schema version ${version}, and this program has ${present}`;
  const untouched = 'Nothing in it was changed.';
  if (version > present) throw new StorageError(`${has}: use the newer program. ${untouched}`);
  throw new StorageError(`${has}: after a backup, run \`chalk-talk migrate\` on it first. ${untouched}`);
}

/**
 * Checks that the operator's secret is the one that sealed the secrets in a database: without it a
 * copy is of no use.
 *
 * @throws StorageError where it is not, or nothing was ever sealed there
 */
export async function checkSecretKey(source: RowSource, name: string, secretKey: string): Promise<void> {
  const vault = TABLES.find(({ name }) => name === 'vault');
  if (!vault) throw new TypeError('There is no vault among the tables.');
  for await (const [row] of source.rows(vault)) {
    const [, salt, probe] = row ?? [];
    if (!(salt instanceof Uint8Array) || !(probe instanceof Uint8Array)) break;
    sealingOf({ salt, probe }, secretKey);
    return;
  }
  throw new StorageError(`No server has ever run on ${name}: there is nothing in it.`);
}
