import type { Command } from './command.js';
import { withDatabase } from './database-work.js';

export const MIGRATE_COMMAND: Command = {
  name: 'migrate',
  operands: [],
  about: 'bring the database (DATABASE_URL) to the form of this version, as a server does when it starts',
  remote: false,
  async run({ screen, environment }) {
    await withDatabase(environment, 'migrate_failed', async ({ database, secretKey }) => {
      const [{ migrateDatabase }, { nameOf }] = await Promise.all([
        import('../storage/transfer/migrate-database.js'),
        import('../config/database-url.js'),
      ]);
      const { from, to } = await migrateDatabase(database, secretKey);
      const name = nameOf(database);
      if (from === to) screen.line(`${name} has form ${to}, the one of this version, already.`);
      else if (from === 0) screen.line(`${name} is new, and has form ${to}.`);
      else screen.line(`${name} had form ${from}, and has form ${to} now.`);
    });
  },
};
