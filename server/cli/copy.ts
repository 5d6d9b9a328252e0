import type { StorageDriver } from '../storage/storage-driver.js';
import type { Command } from './command.js';
import { withDatabase } from './database-work.js';
import { count } from './figures.js';
import { UsageError } from './given.js';

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
      const { copyDatabase } = await import('../storage/transfer/copy-database.js');
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
