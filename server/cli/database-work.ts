import type { DatabaseAccess } from '../config/config.js';
import type { CommandContext } from './command.js';
import { FailedError } from './operator-api.js';

/**
 * Does what uses a database without a server.
 *
 * @param code for programs, should the database refuse it
 * @param work what of the environment says where the database is, and what seals it
 * @throws FailedError
 */
export async function withDatabase(
  environment: CommandContext['environment'],
  code: string,
  work: (access: DatabaseAccess) => Promise<void>,
): Promise<void> {
  // What a server is made of takes a while to load, and no other command needs it.
  const [{ ConfigError, readDatabaseAccess }, { StorageError }] = await Promise.all([
    import('../config/config.js'),
    import('../domain/storage.js'),
  ]);
  try {
    await work(readDatabaseAccess(environment));
  } catch (fault) {
    if (fault instanceof ConfigError) throw new FailedError('environment', fault.message);
    if (fault instanceof StorageError) throw new FailedError(code, fault.message);
    throw fault;
  }
}
