#!/usr/bin/env node
/** The command `chalk-talk`: what was typed in, words and an exit code out. */
import { run } from './run.js';

const exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  output: process.stdout,
  complaints: process.stderr,
  now: () => Date.now(),
});
// Not an exit: what was written may not have been taken yet.
if (exitCode !== undefined) process.exitCode = exitCode;
