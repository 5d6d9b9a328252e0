import { readFileSync } from 'node:fs';

/** File handles that are kept for everything but connections: the database, scripts, backups. */
const RESERVED = 200;
/** More connections than one process serves well. */
const MOST = 50_000;

/** How many connections may be open at once, so that the process never runs out of file handles. */
export function mostConnections(openFiles = openFilesAllowed()): number {
  return Math.max(RESERVED, Math.min(MOST, openFiles - RESERVED));
}

/** How many files the process may open; where the system does not tell as Linux does, what the most careful ones allow. */
function openFilesAllowed(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === 'unlimited' ? Infinity : Number(soft ?? 1_024);
  } catch {
    return 1_024;
  }
}
