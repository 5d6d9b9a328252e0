import { execFile } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

import { DEFAULT_SITE_LIMITS } from '../../../server/domain/site.js';
import { DEFAULT_RATES } from '../../../server/limits/rates.js';
import { findProgram } from '../../support/programs.js';
import { TEXT_LENGTH } from '../load/dialect.js';
import { RAISED_COMMANDS_PER_SECOND } from '../servers/peer.js';

/** On what the figures were taken, and under which terms, a line each. */
export function terms(): string[] {
  const { commands, orders, packets } = DEFAULT_RATES;
  return [
    machine(),
    load(),
    'Relay: Socket.IO 4.8.4, no compression; joins, acknowledges, emits to the room. No tokens, no checks, no storage',
    'Ours: tokens, checks, rates, metrics, a log; SQLite on disk, synchronous FULL, commit before acknowledgement and broadcast',
    `Limits in force: a person ${rate(commands)} commands and ${rate(orders)} orders, a connection ${rate(packets)} packets, a room ${String(DEFAULT_SITE_LIMITS.peersPerRoom)} people; ${raised()}`,
  ];
}

/** The same for several nodes. */
export async function clusterTerms(): Promise<string[]> {
  const [postgres, redis] = await Promise.all([versionOf('postgres'), versionOf('redis-server')]);
  return [
    machine(),
    load(),
    `Nodes: processes as they are run (tokens, checks, rates, metrics, a log), all on this machine with what they stand on: ${postgres}, which syncs each commit before it is acknowledged, and ${redis}, which keeps nothing on the disk`,
    `Limits in force: the defaults; ${raised()}; where few people write as much as hundreds would (over sockets, the hot room), a person's as well`,
  ];
}

function machine(): string {
  const processors = cpus();
  const average = loadavg().map(one => one.toFixed(2));
  return `Machine: ${String(processors.length)} cores (${processors[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${process.platform} ${release()}, Node ${process.version}; load average at the start ${average.join(' ')}`;
}

function load(): string {
  return `Load: one process, bare WebSockets over loopback, sent by schedule; texts of ${String(TEXT_LENGTH)} characters from members drawn at random`;
}

function raised(): string {
  return `raised for the bench: a site's commands, ${String(RAISED_COMMANDS_PER_SECOND)} a second (default ${String(DEFAULT_SITE_LIMITS.commandsPerSecond)})`;
}

/** What a program calls itself: `postgres (PostgreSQL) 15.14`, `Redis server v=7.0.15`. */
async function versionOf(name: string): Promise<string> {
  const { stdout } = await promisify(execFile)(await findProgram(name), ['--version']);
  return stdout.trim().split(/ sha=| \(Debian/)[0] ?? name;
}

function rate({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }): string {
  return `${String(perSecond)}/s (${String(burst)} at once)`;
}
