import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { type Backups, StorageClosedError, StorageError } from '../domain/storage.js';

/** What the thread of a backup is started with. */
export interface BackupThreadData {
  /** The address of the database. */
  readonly url: string;
  /** Where the copy shall be. */
  readonly file: string;
}

/** What the thread posts before it ends: why there is no copy, or undefined where there is one. */
export type FromBackupThread = string | undefined;

/**
 * Backups of a database on a database server. Each is a file of SQLite, as all backups are, written
 * by a thread of its own.
 */
export class FileBackups implements Backups {
  readonly backupPrefix = join(tmpdir(), 'chalk-talk-backup-');
  readonly #url: string;
  readonly #threads = new Set<Worker>();
  #closing: Promise<void> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws StorageError */
  async backup(file: string): Promise<void> {
    if (this.#isClosing()) throw new StorageClosedError();
    const data: BackupThreadData = { url: this.#url, file };
    const thread = new Worker(new URL('./transfer/backup-thread.js', import.meta.url), { workerData: data });
    this.#threads.add(thread);
    thread.once('exit', () => this.#threads.delete(thread));
    const failure = await failureOf(thread);
    if (failure === undefined) return;
    // Where it was closed meanwhile that is the reason, whatever the thread says.
    throw this.#isClosing() ? new StorageClosedError() : new StorageError(failure);
  }

  /** Cuts off those that are made: there is no backup then. Harmless when called again. */
  close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#threads].map(thread => thread.terminate())).then(() => undefined);
    return this.#closing;
  }

  #isClosing(): boolean {
    return this.#closing !== undefined;
  }
}

/** Waits for a thread to end. @returns why there is no copy */
function failureOf(thread: Worker): Promise<FromBackupThread> {
  return new Promise(resolve => {
    thread.once('message', resolve);
    thread.once('error', fault => resolve(fault instanceof Error ? fault.message : String(fault)));
    thread.once('exit', () => resolve('The thread that makes it has ended.'));
  });
}
