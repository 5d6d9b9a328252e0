/** Files that hold what people said: nobody but the server's own user may read them. */
import { closeSync, openSync } from 'node:fs';

/** Reads and writes for the owner, nothing for others. */
export const PRIVATE = 0o600;

/**
 * Makes a file that nobody else may read, where there is none yet. SQLite gives what it keeps beside a database the same permissions as the
 * database has, but makes the database itself with whatever the process's umask leaves.
 */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', PRIVATE));
}
