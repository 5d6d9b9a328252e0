import { readFile } from 'node:fs/promises';

/** The folder of this package, as seen from its built files in dist/server. */
const PACKAGE = new URL('../../', import.meta.url);

/** The built widget. */
export const BUNDLE_DIR = new URL('dist/bundle/', PACKAGE);

/** The version in package.json. */
export async function packageVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('package.json', PACKAGE), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    if (typeof manifest.version === 'string') return manifest.version;
  }
  throw new TypeError('package.json has no version');
}
