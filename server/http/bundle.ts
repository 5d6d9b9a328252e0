import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A folder of a built widget, as it was when read. */
export interface Bundle {
  readonly folder: string;
  /**
   * Every file but hidden ones, by its path in the folder: SHA-256 of what it holds, base64url. In
   * order of the paths.
   */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Reads a folder of a built widget. Links are not followed, so that no file outside it is ever
 * served.
 *
 * @returns an empty bundle where nothing has been built
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((fault: unknown) => {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return [];
    throw fault;
  });
  const paths = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const names = paths.map(path => relative(folder, path).replaceAll('\\', '/')).sort();
  const files = new Map<string, string>();
  for (const name of names) {
    if (/(^|\/)\./.test(name)) continue;
    const bytes = await readFile(join(folder, name));
    files.set(name, createHash('sha256').update(bytes).digest('base64url'));
  }
  return { folder, files };
}
