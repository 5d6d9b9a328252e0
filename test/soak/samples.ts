/** Looks at a server again and again while it works. */
import { readdir, stat } from 'node:fs/promises';

import type { LoneServer } from '../faults/lone-server.js';
import type { ServerProbe } from './server-probe.js';

const MIB = 1_024 * 1_024;

/**
 * How the server stands at a moment. Sizes in MiB, after all that is no more in use was collected.
 */
export interface Sample {
  /** Seconds from the beginning. */
  readonly at: number;
  readonly resident: number;
  readonly heap: number;
  /** Of the thread of the database. */
  readonly threadHeap: number;
  /** Outside of both heaps: buffers. */
  readonly external: number;
  /** Open files and sockets of the process; undefined where the system does not tell. */
  readonly files: number | undefined;
  /** What the process waits for: sockets, timers, and the like. */
  readonly resources: number;
  readonly connections: number;
  readonly rooms: number;
  /** Of the database and its log, on the disk. */
  readonly database: number;
}

export interface SamplerOptions {
  readonly server: LoneServer;
  readonly probe: ServerProbe;
  readonly metricsToken: string;
}

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #began = Date.now();

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  async sample(): Promise<Sample> {
    const { server, probe } = this.#options;
    const { main, thread, rss, resources } = await probe.measure();
    const metrics = await this.#metrics();
    return {
      at: (Date.now() - this.#began) / 1_000,
      resident: rss / MIB,
      heap: main.heapUsed / MIB,
      threadHeap: thread.heapUsed / MIB,
      external: (main.external + thread.external) / MIB,
      files: await openFiles(server.pid),
      resources: Object.values(resources).reduce((sum, count) => sum + count, 0),
      connections: sumOf(metrics, /^chalk_talk_connections\{.*\} (\d+)$/gm),
      rooms: sumOf(metrics, /^chalk_talk_rooms\{.*state="resident".*\} (\d+)$/gm),
      database: ((await sizeOf(server.file)) + (await sizeOf(`${server.file}-wal`))) / MIB,
    };
  }

  async #metrics(): Promise<string> {
    const { server, metricsToken } = this.#options;
    const headers = { authorization: `Bearer ${metricsToken}` };
    return (await fetch(`${server.url}/metrics`, { headers })).text();
  }
}

function sumOf(metrics: string, pattern: RegExp): number {
  return [...metrics.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
}

async function openFiles(pid: number): Promise<number | undefined> {
  return readdir(`/proc/${pid}/fd`).then(
    names => names.length,
    () => undefined,
  );
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

const COLUMNS: readonly (readonly [title: string, value: (sample: Sample) => string])[] = [
  ['seconds', ({ at }) => at.toFixed(0)],
  ['RSS', ({ resident }) => resident.toFixed(1)],
  ['heap', ({ heap }) => heap.toFixed(2)],
  ['thread', ({ threadHeap }) => threadHeap.toFixed(2)],
  ['external', ({ external }) => external.toFixed(2)],
  ['files', ({ files }) => String(files ?? '-')],
  ['handles', ({ resources }) => String(resources)],
  ['people', ({ connections }) => String(connections)],
  ['rooms', ({ rooms }) => String(rooms)],
  ['database', ({ database }) => database.toFixed(1)],
];

export function heading(): string {
  return COLUMNS.map(([title]) => title.padStart(9)).join('');
}

export function row(sample: Sample): string {
  return COLUMNS.map(([, value]) => value(sample).padStart(9)).join('');
}
