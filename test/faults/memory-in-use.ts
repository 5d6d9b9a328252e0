/**
 * What memory server processes use, garbage apart: they are asked by a signal, which only the probe
 * knows that they were started with.
 */
import { fileURLToPath } from 'node:url';

import { until } from '../support/patience.js';
import { IN_USE } from './memory-probe.js';
import type { NodeProcess } from './node-process.js';
import type { Service } from './service.js';

/** The environment of a server that can be asked. */
export const PROBED: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('memory-probe.js', import.meta.url))}`,
  MEMORY_PROBE: '1',
};

/** Milliseconds that collecting the garbage may take. */
const PATIENCE = 20_000;

/**
 * Bytes in use by all processes of a service that was started with PROBED, after their garbage was
 * collected.
 */
export async function memoryInUse({ processes }: Pick<Service, 'processes'>): Promise<number> {
  const each = await Promise.all(processes.map(process => memoryOf(process)));
  return each.reduce((sum, bytes) => sum + bytes, 0);
}

async function memoryOf(server: NodeProcess): Promise<number> {
  const said = server.said.length;
  process.kill(server.pid, 'SIGUSR2');
  const answer = () => new RegExp(`${IN_USE}(\\d+)\n`).exec(server.said.slice(said))?.[1];
  await until(
    PATIENCE,
    () => answer() !== undefined,
    () => `The process does not say what memory it uses:\n${server.said}`,
  );
  return Number(answer());
}
