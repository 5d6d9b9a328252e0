/**
 * A front end's first minutes: the element's package as it is packed, in a folder outside the
 * repository. Few packages come with it, none of them native; its types need nothing else; and its
 * client, in Node, talks with a server.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { Talker } from '../support/talker.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { programs } from './programs.js';
import { kitchen, ROOT } from './recipe.js';
import { terminal } from './terminal.js';

const run = promisify(execFile);

/** Type-checks a file against what is installed beside it, the installed types as well. */
const COMPILER_OPTIONS = {
  ...{ target: 'ES2022', module: 'NodeNext', lib: ['ES2023', 'DOM', 'DOM.Iterable'] },
  ...{ types: [], strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false },
};

test('the packed element in an empty folder: few packages, nothing native, whole types, and a bot that talks', async t => {
  const folder = await temporaryFolder(t);
  const env = terminal();
  const npm = (...args: readonly string[]) => run('npm', args, { cwd: folder, env });
  const packing = ['pack', '--workspace', 'chalk-talk', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', packing, { cwd: ROOT, env });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  assert.ok(packed);
  await npm('init', '-y');
  await npm('install', packed.filename);

  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { readonly hasInstallScript?: boolean }>;
  };
  const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
  assert.ok(installed.length <= 10, installed.map(([path]) => path).join(', '));
  assert.ok(installed.every(([, { hasInstallScript }]) => !hasInstallScript));
  const files = await readdir(join(folder, 'node_modules'), { recursive: true });
  assert.deepEqual(
    files.filter(name => name.endsWith('.node') || name.endsWith('binding.gyp')),
    [],
  );

  await cp(join(ROOT, 'test/package/types/element.mts'), join(folder, 'element.mts'));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['element.mts'] }),
  );
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout: complaints } = await run(process.execPath, [tsc, '-p', folder]).catch((fault: unknown) => {
    return fault as { stdout: string };
  });
  assert.equal(complaints, '');

  await npm('install', 'jose');
  const recipe = join(folder, 'node_modules/chalk-talk/dist/docs/recipes/bot/bot.mjs');
  await cp(recipe, join(folder, 'bot.mjs'));
  const place = await kitchen(t);
  const { kid, secret } = await place.key({ forServers: true });
  const ann = await Talker.enter(place.backend, { person: 'ann' });
  await ann.join('algebra-101');
  const bot = programs(t)([process.execPath, 'bot.mjs'], {
    cwd: folder,
    env: terminal({ CHALK_SERVER: place.backend.url, CHALK_KEY_ID: kid, CHALK_SECRET: secret }),
  });
  await bot.says('In algebra-101');
  await ann.post('algebra-101', '!strokes');
  await ann.hears('events', ({ events }) => JSON.stringify(events).includes('There are 0.'));
});
