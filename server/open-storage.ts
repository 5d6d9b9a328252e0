import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Config } from './config/config.js';
import type { Backups, SharedStorage, Storage } from './domain/storage.js';
import type { Logger } from './log.js';
import { isOpenToOthers } from './open-to-others.js';
import { openPostgres } from './storage/open-postgres.js';
import { openSqlite } from './storage/sqlite/open-sqlite.js';
import type { Writable } from './storage/storage-health.js';

/** What a server keeps everything in; what it can beyond the port depends on the engine. */
export type OpenStorage = Storage & Writable & Partial<Backups & SharedStorage>;

/**
 * Opens the database that the configuration names.
 *
 * @throws StorageError where it can't be used
 */
export async function openStorage(
  { database, secretKey }: Pick<Config, 'database' | 'secretKey'>,
  log: Logger,
): Promise<OpenStorage> {
  if (database.engine === 'postgres') return openPostgres({ ...database, secretKey });
  const { file } = database;
  // What is in there is for nobody else: the talk is not sealed.
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const storage = await openSqlite({ file, secretKey });
  try {
    if (await isOpenToOthers(file)) {
      log.warn(
        { file },
        'others than the server may read or write the database, which holds the talk in clear: chmod 600',
      );
    }
    return storage;
  } catch (fault) {
    await storage.close();
    throw fault;
  }
}
