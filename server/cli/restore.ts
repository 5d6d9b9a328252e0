import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Command } from './command.js';
import { FailedError } from './operator-api.js';

export const RESTORE_COMMAND: Command = {
  name: 'restore',
  operands: ['FILE'],
  about: 'make the database (DATABASE_URL) from a backup, before the server is started',
  remote: false,
  async run({ given, screen, environment }) {
    // What a server is made of takes a while to load, and no other command needs it.
    const [{ ConfigError, readDatabaseAccess }, { StorageError }, { restoreSqlite }] = await Promise.all([
      import('../config.js'),
      import('../domain/storage.js'),
      import('../storage/sqlite/restore.js'),
    ]);
    const from = given.operand(0);
    try {
      const { database, secretKey } = readDatabaseAccess(environment);
      if (database.engine === 'postgres') throw new StorageError('This version knows no PostgreSQL.');
      const { file } = database;
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await restoreSqlite({ from, file, secretKey });
      screen.line(`${file} is made from ${from}. Start the server: chalk-talk serve`);
    } catch (fault) {
      if (fault instanceof ConfigError) throw new FailedError('environment', fault.message);
      if (fault instanceof StorageError) throw new FailedError('restore_failed', fault.message);
      throw fault;
    }
  },
};
