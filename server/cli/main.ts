#!/usr/bin/env node
/** The command `chalk-talk`: what was typed in, words and an exit code out. */
import { debuglog } from 'node:util';

import { run } from './run.js';

// Who reads may have had enough of it: `chalk-talk help | head -1`.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  if (fault.code !== 'EPIPE') throw fault;
});

const exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  output: process.stdout,
  complaints: process.stderr,
  now: () => Date.now(),
}).catch((fault: unknown) => {
  // Its place in the program helps who works on that (NODE_DEBUG=chalk-talk), and nobody else.
  const { enabled } = debuglog('chalk-talk');
  process.stderr.write(
    `${fault instanceof Error ? (enabled && fault.stack) || fault.message : String(fault)} [internal]\n`,
  );
  return 1;
});
// Not an exit: what was written may not have been taken yet.
if (exitCode !== undefined) process.exitCode = exitCode;
