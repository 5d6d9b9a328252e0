import type { DatabaseAccess } from '../config/config.js';
import type { StorageDriver } from '../storage/storage-driver.js';
import type { Command, CommandContext } from './command.js';
import { count } from './figures.js';
import { UsageError } from './command-line.js';
import { FailedError } from './operator-api.js';

export const SERVE_COMMAND: Command = {
  name: 'serve',
  operands: [],
  about: 'run the server in this process, as the environment says (see the README)',
  remote: false,
  async run({ environment }) {
    // What a server is made of takes a while to load, and no other command needs it.
    const { runServer } = await import('../main.js');
    await runServer(environment);
  },
};

/**
 * Does what uses a database without a server.
 *
 * @param code for programs, should the database refuse it
 * @param work what of the environment says where the database is, and what seals it
 * @throws FailedError
 */
async function withDatabase(
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

export const RESTORE_COMMAND: Command = {
  name: 'restore',
  operands: ['FILE'],
  about: 'make the database (DATABASE_URL) from a backup, before a server is started on it',
  remote: false,
  async run({ given, screen, environment }) {
    const from = given.operand(0);
    await withDatabase(environment, 'restore_failed', async ({ database, secretKey }) => {
      const { restore } = await import('../storage/transfer/transfer.js');
      await restore({ from, to: database, secretKey });
      screen.line(`${database.name} is made from ${from}. Start the server: chalk-talk serve`);
    });
  },
};

export const MIGRATE_COMMAND: Command = {
  name: 'migrate',
  operands: [],
  about: 'bring the database (DATABASE_URL) to the schema of this version, as a server does when it starts',
  remote: false,
  async run({ screen, environment }) {
    await withDatabase(environment, 'migrate_failed', async ({ database, secretKey }) => {
      const { name } = database;
      const { from, to } = await database.migrate(secretKey);
      if (from === to) screen.line(`${name} has schema version ${to}, the one of this program, already.`);
      else if (from === 0) screen.line(`${name} is new, and has schema version ${to}.`);
      else screen.line(`${name} had schema version ${from}, and has ${to} now.`);
    });
  },
};

export const COPY_COMMAND: Command = {
  name: 'copy',
  operands: [],
  options: {
    from: {
      type: 'string',
      value: 'URL',
      required: true,
      about: 'the database, as DATABASE_URL names it; no server runs on it',
    },
    to: {
      type: 'string',
      value: 'URL',
      required: true,
      about: 'where it shall be from now on: a database that is empty, or not there yet',
    },
  },
  about: 'move to another database: copy everything, to go on there',
  remote: false,
  async run({ given, screen, environment: { SECRET_KEY } }) {
    const [{ databaseAt }, { DatabaseUrlError }] = await Promise.all([
      import('../storage/drivers.js'),
      import('../storage/storage-driver.js'),
    ]);
    const database = (option: string): StorageDriver => {
      try {
        return databaseAt(given.text(option) ?? '');
      } catch (fault) {
        throw fault instanceof DatabaseUrlError ? new UsageError(`--${option} ${fault.message}`) : fault;
      }
    };
    const [from, to] = [database('from'), database('to')];
    await withDatabase({ SECRET_KEY }, 'copy_failed', async ({ secretKey }) => {
      const { copyDatabase } = await import('../storage/transfer/transfer.js');
      const counts = await copyDatabase({ from, to, secretKey });
      screen.table(
        [{ title: 'table' }, { title: 'rows', align: 'right' }],
        [...counts].map(([table, rows]) => [table, count(rows)]),
      );
      screen.line();
      screen.line(`${to.name} goes on from here: start servers on it, and never again on ${from.name}.`);
      screen.line('Both would give the same numbers to what comes, and pages could not tell the one from the other.');
    });
  },
};
