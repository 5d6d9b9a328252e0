/**
 * Recipes of docs/recipes as their readers run them: copied into a folder of their own, beside a
 * real backend.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

import { BUNDLE_DIR } from '../../server/package-version.js';
import { type Backend, startBackend } from '../support/backend.js';
import { until } from '../support/patience.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { programs, type Run } from './programs.js';

/** The folder of this repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** The folder of the recipes. */
export const RECIPES = join(ROOT, 'docs/recipes');

/**
 * How long a program may take until it answers, in ms: an installation compiles first, on a busy
 * machine for long.
 */
const PATIENCE = 900_000;

/** A key as `chalk-talk keys add` tells it: its secret is text. */
export interface RecipeKey {
  readonly kid: string;
  readonly secret: string;
}

export interface Kitchen {
  readonly backend: Backend;
  /** Where a recipe's server is to listen; pages from there are listed for every site. */
  readonly port: number;
  readonly origin: string;
  /** Its programs find this repository's packages, `chalk-talk` too. */
  readonly folder: string;
  /** Adds a key to the site acme. */
  key(options?: { readonly forServers?: boolean }): Promise<RecipeKey>;
  /** Copies a folder of recipes into `folder`, its addresses set to this backend's. */
  lay(recipe: string, into: string): Promise<void>;
  /** Starts a program in `folder`; it ends with the test. What it wrote is in `output`. */
  readonly run: (command: readonly [string, ...string[]], env: Readonly<Record<string, string>>) => Run;
}

/** A backend, a folder and a port for one recipe. */
export async function kitchen(t: TestContext): Promise<Kitchen> {
  const folder = await temporaryFolder(t);
  const start = programs(t);
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const guests = { 'open-*': 'member' } as const;
  const backend = await startBackend(t, { origins: [origin], guests, bundleDir: fileURLToPath(BUNDLE_DIR) });
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(ROOT, 'widget'), join(folder, 'node_modules/chalk-talk'));
  await symlink(join(ROOT, 'node_modules/jose'), join(folder, 'node_modules/jose'));
  return {
    ...{ backend, port, origin, folder },
    async key({ forServers = false } = {}) {
      const kid = forServers ? 'for-servers' : 'for-pages';
      const secret = `${kid}, a secret that is text: ä – ✎, long enough`;
      const material = new TextEncoder().encode(secret);
      await backend.app.sites.addKey({ site: 'acme', kid, algorithm: 'HS256', material, forServers });
      return { kid, secret };
    },
    async lay(recipe, into) {
      await mkdir(join(folder, into), { recursive: true });
      for (const name of await readdir(join(RECIPES, recipe))) {
        const text = await readFile(join(RECIPES, recipe, name), 'utf8');
        await writeFile(join(folder, into, name), text.replaceAll('http://localhost:3000', backend.url));
      }
    },
    run: (command, env) => start(command, { cwd: folder, env: { ...process.env, ...env } }),
  };
}

/** Whether the machine has a program. */
export function has(program: string, versionFlag = '--version'): boolean {
  return spawnSync(program, [versionFlag], { stdio: 'ignore' }).status === 0;
}

/**
 * Resolves once `is` does to true, as a server that was started comes up; rejects with what its
 * program wrote where it never does.
 */
export async function answers(is: () => Promise<boolean>, { process, output }: Run): Promise<void> {
  const lament = () => `It does not answer: ${output()}`;
  const answersYet = async () => {
    if (process.exitCode !== null) throw new Error(lament());
    return is();
  };
  await until(PATIENCE, answersYet, lament);
}

/** Whether there is a page at an address. */
export async function isThere(address: string): Promise<boolean> {
  return await fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** A port of the loopback that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || !address) throw new TypeError('It listens on no port');
  return address.port;
}
