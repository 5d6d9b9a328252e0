import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * What the demo keeps to itself: the backend's secret key and each site's signing secret,
 * base64url.
 */
export interface DemoSecrets {
  readonly secretKey: string;
  readonly sites: Readonly<Record<string, string>>;
}

const fresh = () => randomBytes(32).toString('base64url');

/**
 * The demo's secrets, made on the first run and kept in a file that only this user can read.
 *
 * @throws TypeError where the file holds something else.
 */
export async function demoSecrets(file: string, sites: readonly string[]): Promise<DemoSecrets> {
  try {
    return parse(await readFile(file, 'utf8'), sites, file);
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'ENOENT')) throw fault;
  }
  const made = { secretKey: fresh(), sites: Object.fromEntries(sites.map(site => [site, fresh()])) };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}

function parse(text: string, sites: readonly string[], file: string): DemoSecrets {
  const read: unknown = JSON.parse(text);
  if (isRecord(read) && typeof read['secretKey'] === 'string' && isRecord(read['sites'])) {
    const kept = Object.entries(read['sites']).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    const secrets = { secretKey: read['secretKey'], sites: Object.fromEntries(kept) };
    if (sites.every(site => secrets.sites[site] !== undefined)) return secrets;
  }
  throw new TypeError(`${file} does not hold the demo's secrets. Move its folder away to begin anew.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
