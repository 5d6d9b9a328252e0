import { statSync } from 'node:fs';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { lookThrough } from '../sqlite/look-through.js';
import { MIGRATIONS } from '../sqlite/migrations/index.js';
import { newDatabase } from '../sqlite/new-database.js';
import { StorageFaultError } from '../storage-fault.js';
import type { Moment } from './copying.js';
import { judgeForm } from './forms.js';
import { sqliteMoment } from './sqlite-moment.js';

/**
 * Reads the file of a database, on which no server runs, nor can be started meanwhile. It stays as it is.
 *
 * @throws StorageError where there is none, it is in use, damaged, of another form than the present one or of another secret key; and whatever
 *   `read` throws
 */
export async function readSqlite<Value>(
  file: string,
  secretKey: string,
  read: (moment: Moment) => Promise<Value>,
): Promise<Value> {
  if (!statSync(file, { throwIfNoEntry: false })?.size) throw new StorageError(`There is no database ${file}.`);
  let database: Database | undefined;
  try {
    lookThrough(file, secretKey, 0);
    database = newDatabase(file, { readonly: true, timeout: 0 });
    // What is read is of one moment, whoever else has the file open; and a server that is started says that it is in use.
    database.exec('BEGIN; SELECT 1 FROM vault');
    judgeForm(file, Number(database.pragma('user_version', { simple: true })), MIGRATIONS.length);
    return await read(sqliteMoment(database));
  } catch (fault) {
    throw inUseExplained(fault, file);
  } finally {
    database?.close();
  }
}

/** What was thrown; where that is a lock of somebody who has the file, in words for whoever gave a command. */
export function inUseExplained(fault: unknown, file: string): unknown {
  if (!(fault instanceof StorageFaultError) || fault.fault !== 'locked') return fault;
  const message = `${file} is in use: a server runs on it, or another program has it open. End that first. Nothing in it was changed.`;
  return new StorageFaultError('locked', message, { cause: fault });
}
