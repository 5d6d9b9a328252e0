import type { Command } from './command.js';
import { withDatabase } from './database-work.js';

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
