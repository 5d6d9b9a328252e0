/** What is in each package, what comes with it, and that it comes by its names. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { ROOT } from './recipe.js';

interface Packed {
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

interface LockedPackage {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
}

const [element, server] = await Promise.all([packed('widget'), packed('server')]);
const pathsOf = ({ files }: Packed) => files.map(({ path }) => path);

async function packed(folder: string): Promise<Packed> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: join(ROOT, folder),
  });
  const [answer] = JSON.parse(stdout) as Packed[];
  assert.ok(answer);
  return answer;
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8'));
}

/** What lies in a package beside the folders that may hold anything of their kind. */
function apartFrom(folders: RegExp, paths: readonly string[]): readonly string[] {
  return paths.filter(path => !folders.test(path)).sort();
}

/** Names that the compiler does not follow: it would want the packages before they are made. */
const ELEMENT: string = 'chalk-talk';
const CLIENT: string = 'chalk-talk/client';

const ALWAYS = ['LICENSE', 'README.md', 'package.json'];
const ABOUT = ['dist/CHANGELOG.md', 'dist/THIRD-PARTY.md'];

test("the element's package holds its modules, types, script and what editors read, and nothing of the server", () => {
  const paths = pathsOf(element);
  const entries = ['index', 'client', 'react', 'vue', 'svelte'].flatMap(name => [
    `dist/${name}.js`,
    `dist/${name}.js.map`,
  ]);
  const data = ['dist/custom-elements.json', 'dist/html-custom-data.json', 'dist/web-types.json'];
  assert.deepEqual(
    apartFrom(/^dist\/(?:chunks|node|types|script|docs)\//, paths),
    [...ALWAYS, ...ABOUT, ...entries, ...data].sort(),
  );
  assert.deepEqual(
    apartFrom(
      /\.d\.ts$/,
      paths.filter(path => path.startsWith('dist/types/')),
    ),
    [],
  );
  assert.deepEqual(
    paths.filter(path => /\.node$|\/types\/server\/|\.test\./.test(path)),
    [],
  );
});

test("the server's package holds what was compiled, the built script and the pages, and no tests or sources", () => {
  const paths = pathsOf(server);
  assert.deepEqual(apartFrom(/^dist\/(?:protocol|server|bundle|docs)\//, paths), [...ALWAYS, ...ABOUT].sort());
  assert.deepEqual(
    paths.filter(path => /\.test\.|\.ts$|tsbuildinfo|\.db$/.test(path)),
    [],
  );
  const command = server.files.find(({ path }) => path === 'dist/server/cli/main.js');
  assert.ok(command);
  assert.equal(command.mode & 0o111, 0o111, 'the command can be started');
});

test('every source map carries its sources, which are not in the packages', async () => {
  const maps = [
    ...pathsOf(element).map(path => `widget/${path}`),
    ...pathsOf(server).map(path => `server/${path}`),
  ].filter(path => path.endsWith('.js.map'));
  assert.ok(maps.length > 100);
  for (const path of maps) {
    const map = (await json(path)) as { sources: string[]; sourcesContent?: string[] };
    assert.equal(map.sourcesContent?.length, map.sources.length, path);
  }
});

test('with the element come at most ten packages, itself among them, and none that runs something when it is installed', async () => {
  const { packages } = (await json('package-lock.json')) as { packages: Record<string, LockedPackage> };
  const found = new Set(['widget']);
  for (const path of found) {
    for (const name of Object.keys(packages[path]?.dependencies ?? {})) {
      const nested = `${path}/node_modules/${name}`;
      found.add(nested in packages ? nested : `node_modules/${name}`);
    }
  }
  const all = [...found];
  assert.ok(all.length > 1 && all.length <= 10, all.join(', '));
  assert.deepEqual(
    all.filter(path => !packages[path] || packages[path].hasInstallScript),
    [],
  );
});

test('what the package exports can be imported in Node, the element without a page too', async () => {
  const { connect } = (await import(CLIENT)) as { connect: unknown };
  assert.equal(typeof connect, 'function');
  for (const name of ['', '/react', '/vue', '/svelte']) await import(`${ELEMENT}${name}`);
});

test('one version: of the packages, of what the element says, and of what editors are told', async () => {
  await import(ELEMENT);
  const registered = customElements.get('chalk-talk') as unknown as { readonly version: string };
  const places = ['package.json', 'widget/package.json', 'server/package.json', 'widget/dist/web-types.json'];
  for (const place of places) {
    const { version } = (await json(place)) as LockedPackage;
    assert.equal(version, registered.version, place);
  }
});

test('what is tested is what is installed: compiled code finds the versions that the server names', async () => {
  const { dependencies = {} } = (await json('server/package.json')) as LockedPackage;
  for (const [name, wanted] of Object.entries(dependencies)) {
    // The tests run what lies in `dist`, which finds what lies at the top and not what lies in
    // `server`.
    const { version } = (await json(`node_modules/${name}/package.json`)) as LockedPackage;
    assert.equal(version, wanted, name);
  }
});

test('each package has the licence of the whole', async () => {
  const licence = await readFile(join(ROOT, 'LICENSE'), 'utf8');
  for (const folder of ['widget', 'server']) {
    assert.equal(await readFile(join(ROOT, folder, 'LICENSE'), 'utf8'), licence);
  }
});
