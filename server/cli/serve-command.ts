import type { Command } from './command.js';

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
