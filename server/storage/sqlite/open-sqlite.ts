import { StorageError } from '../../domain/storage.js';
import { backupPrefix, removeLeftovers } from './backup.js';
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
 * @throws StorageError where the file can't be used, another server is using it, or the secret key
 *   is not its own.
 */
export async function openSqlite({
  file,
  secretKey,
  lockPatience = LOCK_PATIENCE,
}: SqliteOptions): Promise<SqliteStorage> {
  const thread = new DatabaseThread({ file, secretKey, lockPatience });
  try {
    await thread.open();
    await removeLeftovers(file).catch((fault: unknown) => {
      const reason = fault instanceof Error ? fault.message : String(fault);
      throw new StorageError(`An unfinished backup can't be removed: ${reason}`, { cause: fault });
    });
  } catch (fault) {
    await thread.close();
    throw fault;
  }
  return new SqliteStorage(thread, backupPrefix(file));
}
