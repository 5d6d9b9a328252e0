import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { RowSink, RowSource } from '../database-copy.js';
import type { DriverEntry, Migrated, OpenedStorage, OpenOptions, StorageDriver } from '../storage-driver.js';
import { checkDatabase } from './check-database.js';
import { fillSqlite, inUseExplained, readSqlite } from './copy.js';
import { newDatabase, openDatabase } from './database.js';
import { giveToFolderOwner } from './database-file.js';
import { MIGRATIONS } from './migrations/index.js';
import { openSqlite } from './open-sqlite.js';
import { restoreSqlite } from './restore.js';

/** What is in a folder of ours is for nobody else: messages and drawings are not encrypted. */
const FOLDER_MODE = 0o700;

/** Permissions of group and others to read and to write. */
const OTHERS = 0o066;

/** A file of SQLite, which belongs to one server. */
export class SqliteDriver implements StorageDriver {
  readonly engine = 'sqlite';
  readonly isShared = false;
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  get name(): string {
    return this.file;
  }

  get folder(): string {
    return dirname(this.file);
  }

  async open({ secretKey, log }: OpenOptions): Promise<OpenedStorage> {
    const { file, folder } = this;
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const storage = await openSqlite({ file, secretKey });
    try {
      if (await isOpenToOthers(file)) {
        log.warn({ file }, 'others than the server may read or write the database, which is not encrypted: chmod 600');
      }
      return storage;
    } catch (fault) {
      await storage.close();
      throw fault;
    }
  }

  async migrate(secretKey: string): Promise<Migrated> {
    const { file, folder } = this;
    const isNew = !statSync(file, { throwIfNoEntry: false });
    try {
      mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
      checkDatabase(file, secretKey, 0);
      const from = isNew ? 0 : schemaVersionOf(file);
      openDatabase(file, 0).close();
      if (isNew) await giveToFolderOwner(file);
      return { from, to: MIGRATIONS.length };
    } catch (fault) {
      throw inUseExplained(fault, file);
    }
  }

  read<Value>(secretKey: string, read: (source: RowSource) => Promise<Value>): Promise<Value> {
    return readSqlite(this.file, secretKey, read);
  }

  fill<Value>(fill: (sink: RowSink) => Promise<Value>): Promise<Value> {
    return fillSqlite(this.file, fill);
  }

  async restore(backup: string, secretKey: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: FOLDER_MODE });
    await restoreSqlite({ from: backup, file: this.file, secretKey });
  }
}

export const SQLITE: DriverEntry = {
  addressForm: '`sqlite:` and the path of a file (`sqlite:data/chalk-talk.db`, `sqlite:/srv/chalk-talk.db`)',
  at(url) {
    // After two slashes comes a host, which a file does not have: `sqlite://data/x.db` would be
    // read as `/data/x.db` by some and as `data/x.db` by others.
    if (!/^sqlite:(?!:memory:)(?!\/\/(?!\/))[^?#]*[^?#/]$/.test(url)) return undefined;
    return new SqliteDriver(url.replace(/^sqlite:(\/\/(?=\/))?/, ''));
  },
};

function schemaVersionOf(file: string): number {
  const database = newDatabase(file, { readonly: true });
  try {
    return Number(database.pragma('user_version', { simple: true }));
  } finally {
    database.close();
  }
}

/** Whether others than its owner may read or write a file. On Windows, Node makes the mode up. */
async function isOpenToOthers(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  const { mode } = await stat(file);
  return (mode & OTHERS) !== 0;
}
