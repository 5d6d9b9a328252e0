/**
 * The scripts of every version that ran here: a page that loaded an earlier one still asks for its
 * lazy chunks, and a page may pin one for good. A folder for each version, with a list of what it
 * must hold: whatever does not hold exactly that is not served. That is looked at when the server
 * starts; later the files are served as they then are, on customers' pages. So nobody but the
 * server's user may write here.
 */
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Logger } from '../log.js';
import { type Bundle, readBundle } from './bundle.js';

/**
 * A version as npm has them, without what may follow a `+`. No other folder is looked at, and no
 * path leads out of one.
 */
const VERSION = /^\d{1,9}(\.\d{1,9}){2}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** For all to read, and for the server's user alone to write. */
const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;

/** Hidden, so that it is no part of the bundle and not served. */
const LIST = '.files.json';

export interface ScriptArchiveOptions {
  /**
   * Made if it is not there; nobody but this server's user may write in it. One server uses it at a
   * time, as with the database.
   */
  readonly folder: string;
  readonly log: Logger;
}

export class ScriptArchive {
  readonly #folder: string;
  readonly #log: Logger;

  constructor({ folder, log }: ScriptArchiveOptions) {
    this.#folder = folder;
    this.#log = log;
  }

  /**
   * Keeps the scripts of a version, in place of others that it had: written aside and then renamed,
   * so that they are there whole or not at all. Where that can't be done the log says so; the
   * server that has them serves them all the same.
   */
  async keep(version: string, bundle: Bundle): Promise<void> {
    if (bundle.files.size === 0) return;
    try {
      if (!VERSION.test(version)) throw new TypeError(`Not a version: ${JSON.stringify(version)}`);
      await this.#write(version, bundle);
    } catch (fault) {
      this.#log.warn({ version, err: fault }, 'the scripts of this version could not be kept for the next ones');
    }
  }

  /** Every version that is there whole; the others are named in the log. */
  async versions(): Promise<ReadonlyMap<string, Bundle>> {
    const versions = new Map<string, Bundle>();
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch((fault: unknown) => {
      if (!isMissing(fault)) this.#log.warn({ err: fault }, 'the scripts of earlier versions could not be read');
      return [];
    });
    for (const entry of entries) {
      if (!entry.isDirectory() || !VERSION.test(entry.name)) continue;
      const bundle = await this.#read(entry.name);
      if (bundle) versions.set(entry.name, bundle);
      else this.#log.warn({ version: entry.name }, 'the scripts of this version are damaged: they are not served');
    }
    return versions;
  }

  async #read(version: string): Promise<Bundle | undefined> {
    const folder = join(this.#folder, version);
    try {
      const bundle = await readBundle(folder);
      return (await readFile(join(folder, LIST), 'utf8')) === listOf(bundle) ? bundle : undefined;
    } catch (fault) {
      if (isMissing(fault)) return undefined;
      this.#log.warn({ version, err: fault }, 'the scripts of a version could not be read');
      return undefined;
    }
  }

  async #write(version: string, bundle: Bundle): Promise<void> {
    const present = await this.#read(version);
    if (present && listOf(present) === listOf(bundle)) return;
    const place = join(this.#folder, version);
    const aside = join(this.#folder, `.${version}.new`);
    const former = join(this.#folder, `.${version}.old`);
    // What a server left behind that was killed in the middle of this.
    for (const left of [aside, former]) await rm(left, { recursive: true, force: true });
    for (const name of bundle.files.keys()) {
      await mkdir(dirname(join(aside, name)), { recursive: true, mode: FOLDER_MODE });
      await copyFile(join(bundle.folder, name), join(aside, name));
      // A copy has the permissions of what was copied.
      await chmod(join(aside, name), FILE_MODE);
    }
    await writeFile(join(aside, LIST), listOf(bundle), { mode: FILE_MODE });
    await rename(place, former).catch((fault: unknown) => {
      if (!isMissing(fault)) throw fault;
    });
    await rename(aside, place);
    await rm(former, { recursive: true, force: true });
  }
}

/** What a folder must hold, letter by letter. */
function listOf({ files }: Bundle): string {
  return JSON.stringify(Object.fromEntries(files), null, 2);
}

function isMissing(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && fault.code === 'ENOENT';
}
