import { randomBytes } from 'node:crypto';

import { newEpoch } from '../epoch.js';
import { type Row, type Table, TABLES, type Value } from './tables.js';

/** One moment of a database, whatever is written to it meanwhile. */
export interface Moment {
  /** The rows of a table, some at a time, so that a large table takes no more memory than a small one. */
  rows(table: Table): AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;
}

/** A database that is being filled. Nothing of it can be used before all of it is there. */
export interface Filling {
  add(table: Table, rows: readonly Row[]): Promise<void> | void;
}

/** Rows copied, by table. */
export type Counts = ReadonlyMap<string, number>;

/**
 * Copies everything.
 *
 * @param epochs `kept` where the copy goes on in place of what it was made from; `new` where it goes back to an earlier moment. What happened
 *   after that is lost then, and its numbers will be given to other events: by the new epoch pages know to drop what they have and take a snapshot
 */
export async function copyAll(from: Moment, to: Filling, epochs: 'kept' | 'new'): Promise<Counts> {
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

/** What gives a row of a table a new epoch, or what epochs are derived from. */
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
