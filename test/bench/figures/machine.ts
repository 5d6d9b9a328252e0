import { cpus, loadavg, release, totalmem } from 'node:os';

import { DEFAULT_SITE_LIMITS } from '../../../server/domain/site.js';
import { DEFAULT_RATES } from '../../../server/rates.js';
import { TEXT_LENGTH } from '../load/dialect.js';
import { RAISED_COMMANDS_PER_SECOND } from '../servers/peer.js';

/** On what the figures were taken, and under which terms, a line each. */
export function terms(): string[] {
  const processors = cpus();
  const load = loadavg().map(average => average.toFixed(2));
  const { commands, orders, packets } = DEFAULT_RATES;
  return [
    `Machine: ${String(processors.length)} cores (${processors[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${process.platform} ${release()}, Node ${process.version}; load average at the start ${load.join(' ')}`,
    `Load: one process, bare WebSockets over loopback, sent by schedule; texts of ${String(TEXT_LENGTH)} characters from members drawn at random`,
    'Relay: Socket.IO 4.8.4, no compression; joins, acknowledges, emits to the room. No tokens, no checks, no storage',
    'Ours: tokens, checks, rates, metrics, a log; SQLite on disk, synchronous FULL, commit before acknowledgement and broadcast',
    `Limits in force: a person ${rate(commands)} commands and ${rate(orders)} orders, a connection ${rate(packets)} packets, a room ${String(DEFAULT_SITE_LIMITS.peersPerRoom)} people; raised for the bench: a site's commands, ${String(RAISED_COMMANDS_PER_SECOND)} a second (default ${String(DEFAULT_SITE_LIMITS.commandsPerSecond)})`,
  ];
}

function rate({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }): string {
  return `${String(perSecond)}/s (${String(burst)} at once)`;
}
