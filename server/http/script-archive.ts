/**
 * Keeps the scripts of every version that ran here: an open page still asks for the lazy chunks of
 * its version, and a page may pin one. Each version is a folder with a list of its files. A folder
 * that differs from its list is not served. That is checked at the start only, and the files run on
 * customers' pages, so nobody but the server's user may write here.
 */
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Logger } from '../log.js';
import { type Bundle, readBundle } from './bundle.js';

/**
 * A version as in npm, without build metadata. No other folder is read, and no path leads out of
 * one.
 */
const VERSION = /^\d{1,9}(\.\d{1,9}){2}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** Everyone may read, only the server's user may write. */
const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;

/** Hidden, so it is neither part of the bundle nor served. */
const LIST = '.files.json';

export interface ScriptArchiveOptions {
  /**
   * Created where missing. Only this server's user may write in it, and one server uses it at a
   * time.
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
   * Saves the scripts of a version, replacing earlier ones. They are written to a temporary folder
   * and renamed, so they are there whole or not at all. A failure is logged; this server serves its
   * own scripts anyway.
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

  /** Every complete version. The others are named in the log. */
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
    // Left behind by a server that was killed here.
    for (const left of [aside, former]) await rm(left, { recursive: true, force: true });
    for (const name of bundle.files.keys()) {
      await mkdir(dirname(join(aside, name)), { recursive: true, mode: FOLDER_MODE });
      await copyFile(join(bundle.folder, name), join(aside, name));
      // A copy keeps the permissions of its source.
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

/** The list of a folder's files, byte for byte. */
function listOf({ files }: Bundle): string {
  return JSON.stringify(Object.fromEntries(files), null, 2);
}

function isMissing(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && fault.code === 'ENOENT';
}
