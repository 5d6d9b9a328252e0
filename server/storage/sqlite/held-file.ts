import { statSync } from 'node:fs';

import { StorageFaultError } from '../storage-fault.js';

/** By what a file is known, whatever its name. */
export type FileIdentity = string;

/** The database itself, and the log beside it that holds what is not folded into it yet. */
const ENDINGS = ['', '-wal'];

/**
 * The files of an open database. A file that is removed or replaced can be written all the same by who had it open, and nobody would ever
 * find there what was kept: so they are looked at before and after each thing that is kept.
 */
export class HeldFile {
  readonly #file: string;
  readonly #identities: readonly (FileIdentity | undefined)[];

  /** @param file an open database whose log is there */
  constructor(file: string) {
    this.#file = file;
    this.#identities = ENDINGS.map(ending => identityOf(file + ending));
  }

  /** Of the database. */
  get identity(): FileIdentity | undefined {
    return this.#identities[0];
  }

  /** @throws StorageFaultError `missing` where the names are no longer those of the files that are open. */
  check(): void {
    for (const [index, ending] of ENDINGS.entries()) {
      if (identityOf(this.#file + ending) !== this.#identities[index]) throw gone(this.#file + ending);
    }
  }
}

/** Undefined where there is no such file, and for a database in memory. */
export function identityOf(file: string): FileIdentity | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}

/** What to say of a file that is gone, or another one. */
export function gone(path: string): StorageFaultError {
  return new StorageFaultError(
    'missing',
    `${path} was removed or replaced while the server runs on it. Put it back; or save what the server still holds with ` +
      `\`chalk-talk backup\`, end the server, and restore that backup.`,
  );
}
