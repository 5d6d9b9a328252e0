import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import type { DatabasePlace } from '../../config/database-url.js';
import { type Migrated, migratePostgres } from '../postgres/migrate.js';
import { openDatabase } from '../sqlite/database.js';
import { lookThrough } from '../sqlite/look-through.js';
import { MIGRATIONS } from '../sqlite/migrations/index.js';
import { newDatabase } from '../sqlite/new-database.js';
import { giveToFolderOwner } from '../sqlite/new-file.js';
import { inUseExplained } from './sqlite-source.js';

/**
 * Brings a database to the present form; one that is not there yet is made.
 *
 * @throws StorageError where it can't be used: also where a server runs on a file of SQLite, which brings it to its own form by itself
 */
export function migrateDatabase(place: DatabasePlace, secretKey: string): Promise<Migrated> {
  return place.engine === 'sqlite' ? migrateSqlite(place.file, secretKey) : migratePostgres(place.url);
}

async function migrateSqlite(file: string, secretKey: string): Promise<Migrated> {
  const isNew = !statSync(file, { throwIfNoEntry: false });
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    lookThrough(file, secretKey, 0);
    const from = isNew ? 0 : formOf(file);
    openDatabase(file, 0).close();
    if (isNew) await giveToFolderOwner(file);
    return { from, to: MIGRATIONS.length };
  } catch (fault) {
    throw inUseExplained(fault, file);
  }
}

function formOf(file: string): number {
  const database = newDatabase(file, { readonly: true });
  try {
    return Number(database.pragma('user_version', { simple: true }));
  } finally {
    database.close();
  }
}
