import type { Database } from 'better-sqlite3';

import { StorageError } from '../../../domain/storage.js';
import { roomsAndSites } from './001-rooms-and-sites.js';
import { operating } from './002-operating.js';
import { faults } from './003-faults.js';
import { kinds } from './004-kinds.js';

/** In order; what was released is never changed, only followed by another. */
export const MIGRATIONS: readonly string[] = [roomsAndSites, operating, faults, kinds];

/**
 * Brings a database to the present form, one step a transaction.
 *
 * @throws StorageError where a newer program made the database.
 */
export function migrate(database: Database, migrations: readonly string[] = MIGRATIONS): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new StorageError(
      `The database has schema version ${version}; this program knows versions up to ${migrations.length}. Run the newer program.`,
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    database
      .transaction(() => {
        database.exec(sql);
        database.pragma(`user_version = ${index + 1}`);
      })
      .immediate();
  }
}
