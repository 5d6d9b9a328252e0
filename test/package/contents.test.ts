/** What is in the package, and that it comes by its names. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { ROOT } from './recipe.js';

interface Packed {
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

const { files } = await packed();

async function packed(): Promise<Packed> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: ROOT,
  });
  const [answer] = JSON.parse(stdout) as Packed[];
  assert.ok(answer);
  return answer;
}

test('the package holds what is needed to run it, and no tests, demo or sources', () => {
  const paths = files.map(({ path }) => path);
  const foreign = paths.filter(path => !/^(?:dist\/(?:protocol|server|widget|bundle)\/|docs\/)/.test(path)).sort();
  const whole = ['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY.md', 'dist/custom-elements.json', 'package.json'];
  assert.deepEqual(foreign, whole.sort());
  assert.deepEqual(
    paths.filter(path => /\.test\.|tsbuildinfo|\.db$/.test(path)),
    [],
  );
  const command = files.find(({ path }) => path === 'dist/server/cli/main.js');
  assert.ok(command);
  assert.equal(command.mode & 0o111, 0o111, 'the command can be started');
});

/** What was compiled from a file that is gone stays in dist until it is cleaned, which packing for others does. */
function isLeftOver(path: string): boolean {
  const source = path.replace(/^dist\//, '').replace(/\.js\.map$/, '.ts');
  return !path.startsWith('dist/bundle/') && !existsSync(join(ROOT, source));
}

test('every source map carries its sources, which are not in the package', async () => {
  const maps = files.filter(({ path }) => path.endsWith('.js.map') && !isLeftOver(path));
  assert.ok(maps.length > 100);
  for (const { path } of maps) {
    const map = JSON.parse(await readFile(join(ROOT, path), 'utf8')) as {
      sources: string[];
      sourcesContent?: string[];
    };
    assert.equal(map.sourcesContent?.length, map.sources.length, path);
  }
});

test('what the package exports can be imported in Node, the element without a page too', async () => {
  const { connect } = (await import('chalk-talk/client')) as { connect: unknown };
  assert.equal(typeof connect, 'function');
  for (const name of ['chalk-talk', 'chalk-talk/react', 'chalk-talk/vue', 'chalk-talk/svelte']) await import(name);
});
