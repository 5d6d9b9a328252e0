import type { Backups, Storage } from '../../domain/storage.js';
import { DatabaseThread } from './database-thread.js';
import { SqliteStorage } from './sqlite-storage.js';

export interface SqliteOptions {
  /** Path of the database file, made if it is not there; or `:memory:`. */
  readonly file: string;
  /** The operator's secret, with which the secrets of sites are sealed; see Sealing. */
  readonly secretKey: string;
  /** How long to wait for another server on the same file that is just ending, in milliseconds. */
  readonly lockPatience?: number;
}

const LOCK_PATIENCE = 2_000;

/**
 * Opens the storage of one server on SQLite.
 *
 * @throws StorageError where the file can't be used, another server is using it, or the secret key is not its own.
 */
export async function openSqlite({
  file,
  secretKey,
  lockPatience = LOCK_PATIENCE,
}: SqliteOptions): Promise<Storage & Backups> {
  const thread = new DatabaseThread({ file, secretKey, lockPatience });
  await thread.open();
  return new SqliteStorage(thread);
}
