import type { Command } from './command.js';
import { withDatabase } from './database-work.js';

export const RESTORE_COMMAND: Command = {
  name: 'restore',
  operands: ['FILE'],
  about: 'make the database (DATABASE_URL) from a backup, before a server is started on it',
  remote: false,
  async run({ given, screen, environment }) {
    const from = given.operand(0);
    await withDatabase(environment, 'restore_failed', async ({ database, secretKey }) => {
      const { restore } = await import('../storage/transfer/restore.js');
      await restore({ from, to: database, secretKey });
      screen.line(`${database.name} is made from ${from}. Start the server: chalk-talk serve`);
    });
  },
};
