/** What memory a server process uses, garbage apart: it is asked by a signal, which only the probe knows that it was started with. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { IN_USE } from './memory-probe.js';
import type { ServerProcess } from './server-process.js';

/** The environment of a server that can be asked. */
export const PROBED: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('memory-probe.js', import.meta.url))}`,
  MEMORY_PROBE: '1',
};

/** Bytes in use by a server that was started with PROBED, after its garbage was collected. */
export async function memoryInUse(server: ServerProcess): Promise<number> {
  const said = server.said.length;
  process.kill(server.pid, 'SIGUSR2');
  for (;;) {
    const [, bytes] = new RegExp(`${IN_USE}(\\d+)\n`).exec(server.said.slice(said)) ?? [];
    if (bytes !== undefined) return Number(bytes);
    await pause(5);
  }
}
