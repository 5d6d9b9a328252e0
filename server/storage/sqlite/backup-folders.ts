import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** What mkdtemp adds. */
const RANDOM = /^[A-Za-z0-9]{6}$/;

/**
 * How the names of folders begin in which a copy of this database is made: beside it, on the disk that is known to hold such a thing,
 * and where a server that was killed finds what it left.
 */
export function backupPrefix(file: string): string {
  return file === ':memory:' ? join(tmpdir(), 'chalk-talk-backup-') : join(dirname(file), `.${basename(file)}.backup-`);
}

/** Removes what a server that was killed left; to be called by who holds the database alone. Other databases' folders stay. */
export async function removeLeftovers(file: string): Promise<void> {
  if (file === ':memory:') return;
  const [folder, prefix] = [dirname(file), basename(backupPrefix(file))];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !RANDOM.test(name.slice(prefix.length))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
