/**
 * Loaded into a server process beside it (`--import`): at SIGUSR2 it collects garbage and says on
 * the error output what memory is in use. The server knows nothing of it.
 */
import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/** How the line begins that says what is in use, in bytes. */
export const IN_USE = 'memory in use: ';

if (isMainThread && process.env['MEMORY_PROBE']) {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    if (typeof collect === 'function') for (let time = 0; time < 2; time += 1) Reflect.apply(collect, undefined, []);
    const { heapUsed, external } = process.memoryUsage();
    writeSync(process.stderr.fd, `${IN_USE}${heapUsed + external}\n`);
  });
}
