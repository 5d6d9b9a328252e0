import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second towards programs, whatever it counts in itself. */
const MICROSECONDS_PER_TICK = 10_000;

interface Stat {
  readonly parent: number;
  /** Of its own threads, in ticks. */
  readonly own: number;
  /** Of its children that have ended. */
  readonly ended: number;
}

/**
 * CPU of a process and of all that it has started so far, in microseconds: PostgreSQL is a process
 * for each connection.
 */
export async function cpuOfTree(root: number): Promise<number> {
  const all = new Map<number, Stat>();
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? await statOf(pid) : undefined;
    if (stat) all.set(pid, stat);
  }
  let ticks = 0;
  const tree = [root];
  for (const pid of tree) {
    const { own = 0, ended = 0 } = all.get(pid) ?? {};
    ticks += own + ended;
    for (const [child, { parent }] of all) if (parent === pid) tree.push(child);
  }
  return ticks * MICROSECONDS_PER_TICK;
}

/** Undefined where the process has ended meanwhile. */
async function statOf(pid: number): Promise<Stat | undefined> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name, which may hold anything, stands in parentheses.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (index: number) => fields[index] ?? 0;
  return { parent: field(1), own: field(11) + field(12), ended: field(13) + field(14) };
}
