/**
 * A stranger's first hour: the server's package as it is packed, a folder outside the repository,
 * and nothing but the commands that the README says, taken from it word for word; only the ports
 * are others, and the key's id and secret are put in as it asks.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { openBrowser } from '../support/browser/open-browser.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { programs } from './programs.js';
import { answers, freePort, isThere, ROOT } from './recipe.js';
import { terminal } from './terminal.js';

const run = promisify(execFile);

/** The commands of the README's section, a block each. */
async function commandsOfReadme(): Promise<readonly string[]> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const section = /\n## Run it for your own site\n(.*?)\n## /s.exec(readme)?.[1] ?? '';
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
}

/** What the element's class says, in a page. */
const versionOfElement = () => {
  const element = customElements.get('chalk-talk');
  return element && 'version' in element ? element.version : undefined;
};

const LINE = [
  [0.2, 0.3],
  [0.6, 0.5],
] as const;

test('from the packed package to two people on a page of one’s own, by the words of the README', async t => {
  const [pack, serve, addSite, ownServer, ...more] = await commandsOfReadme();
  assert.ok(pack && serve && addSite && ownServer && more.length === 0, 'the README has four blocks of commands');
  const [port, ownPort] = [await freePort(), await freePort()];
  const start = programs(t);
  const place = await temporaryFolder(t);
  const repository = join(place, 'repository');
  const server = join(place, 'chalk');
  await mkdir(repository);

  assert.match(pack, /npm run pack/);
  // Both, as that does: each is to be found by its own name.
  const packing = ['pack', '--workspaces', '--ignore-scripts', '--pack-destination', repository];
  await run('npm', packing, { cwd: ROOT, env: terminal() });

  const backend = start(['bash', '-ec', serve], { cwd: repository, env: terminal({ PORT: String(port) }) });
  await answers(() => isThere(`http://localhost:${port}/readyz`), backend);
  const script = await fetch(`http://localhost:${port}/v1/chalk-talk.js`);
  assert.equal(script.status, 200, 'the packed package has the built script');

  const origin = `http://localhost:${ownPort}`;
  const { stdout: told } = await run('bash', ['-ec', addSite.replace('http://localhost:8080', origin)], {
    cwd: server,
    env: terminal({ PORT: String(port) }),
  });
  const kid = /key (\S+) \(HS256\)/.exec(told)?.[1];
  const secret = /^secret +(\S+)$/m.exec(told)?.[1];
  assert.ok(kid && secret, told);

  const own = start(['bash', '-ec', ownServer.replace('the kid', kid).replace('the secret', secret)], {
    cwd: server,
    env: terminal({ PORT: String(ownPort) }),
  });
  await answers(() => isThere(origin), own);
  const page = join(server, 'my-site/public/index.html');
  const html = await readFile(page, 'utf8');
  assert.ok(html.includes('http://localhost:3000/v1/chalk-talk.js'));
  await writeFile(page, html.replaceAll('http://localhost:3000', `http://localhost:${port}`));

  const { visit } = await openBrowser(t);
  const ann = await visit(`${origin}/?as=ann`);
  const bo = await visit(`${origin}/?as=bo`);
  await ann.inRoom();
  await bo.inRoom();
  const manifest = JSON.parse(await readFile(join(ROOT, 'widget/package.json'), 'utf8')) as { version: string };
  assert.equal(await ann.page.evaluate(versionOfElement), manifest.version);
  await ann.say('It was easy');
  await bo.reads(['It was easy']);
  await bo.draws(LINE);
  await ann.seesStrokes(1);
  assert.deepEqual(ann.complaints, []);
});
