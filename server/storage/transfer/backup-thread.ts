/** The thread of a backup: to write a large file row by row would block a server's connections. */
import { parentPort, workerData } from 'node:worker_threads';

import { StorageError } from '../../domain/storage.js';
import { copyAll } from '../database-copy.js';
import { databaseAt } from '../drivers.js';
import type { BackupThreadData, FromBackupThread } from '../file-backups.js';
import { fillSqlite } from '../sqlite/copy.js';

if (!parentPort) throw new TypeError('This file is run as a thread by FileBackups.');
const given: unknown = workerData;
if (!isThreadData(given)) throw new TypeError('A thread of a backup is started with BackupThreadData.');
let failure: FromBackupThread;
try {
  await backUp(given);
} catch (fault) {
  failure = fault instanceof Error ? fault.message : String(fault);
}
parentPort.postMessage(failure);

/**
 * @throws StorageError where the file exists already, or one of both fails; no file is left behind
 *   then
 */
async function backUp({ url, file }: BackupThreadData): Promise<void> {
  const database = databaseAt(url);
  if (!database.readLive) throw new StorageError(`Backups of ${database.name} are not made by a thread.`);
  await database.readLive(source => fillSqlite(file, sink => copyAll(source, sink, 'kept')));
}

function isThreadData(data: unknown): data is BackupThreadData {
  if (typeof data !== 'object' || data === null || !('url' in data) || !('file' in data)) return false;
  return typeof data.url === 'string' && typeof data.file === 'string';
}
