/** The thread of a backup: writing a large file, row by row, would hold up a server's connections. */
import { parentPort, workerData } from 'node:worker_threads';

import { postgresToFile } from './postgres-to-file.js';

/** What it is started with. */
export interface BackupThreadData {
  /** Of the database. */
  readonly url: string;
  /** Where the copy shall be. */
  readonly file: string;
}

/** What comes from it before it ends: why there is no copy, or undefined where there is one. */
export type FromBackupThread = string | undefined;

if (!parentPort) throw new TypeError('This file is run as a thread by PostgresBackups.');
const given: unknown = workerData;
if (!isThreadData(given)) throw new TypeError('A thread of a backup is started with BackupThreadData.');
let failure: FromBackupThread;
try {
  await postgresToFile(given.url, given.file);
} catch (fault) {
  failure = fault instanceof Error ? fault.message : String(fault);
}
parentPort.postMessage(failure);

function isThreadData(data: unknown): data is BackupThreadData {
  if (typeof data !== 'object' || data === null || !('url' in data) || !('file' in data)) return false;
  return typeof data.url === 'string' && typeof data.file === 'string';
}
