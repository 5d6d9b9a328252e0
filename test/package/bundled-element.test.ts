/**
 * The element out of the package, as a bundler of the page's own puts it into the page's script.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { build } from 'esbuild';

import { openBrowser } from '../support/browser/open-browser.js';
import { answers, isThere, kitchen } from './recipe.js';

test('bundled by the page itself, and loaded beside the script of the server: it works, where `server` is set', async t => {
  const place = await kitchen(t);
  const { backend, folder, port, origin } = place;
  const { kid, secret } = await place.key();
  await place.lay('tokens/node', '.');
  await mkdir(join(folder, 'public'));
  await writeFile(join(folder, 'page.js'), "import 'chalk-talk';\nimport 'chalk-talk';\n");
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'page.js')],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  await writeFile(join(folder, 'public/page.js'), outputFiles[0]?.contents ?? '');
  const tag = `<chalk-talk server="${backend.url}" site="acme" room="algebra-101" token-url="/chalk-token"></chalk-talk>`;
  const scripts = `<script type="module" src="page.js"></script>
    <script type="module" src="${backend.url}/v1/chalk-talk.js"></script>`;
  const login = "<script>document.cookie = 'trial_user=ann'</script>";
  await writeFile(join(folder, 'public/index.html'), `<!doctype html>${login}${scripts}${tag}`);
  const env = { CHALK_KEY_ID: kid, CHALK_SECRET: secret, PORT: String(port) };
  await answers(() => isThere(origin), place.run([process.execPath, 'server.mjs'], env));

  const { visit } = await openBrowser(t);
  const ann = await visit(origin);
  await ann.inRoom();
  await ann.say('Out of a bundle');
  await ann.reads(['Out of a bundle']);
  assert.deepEqual(ann.complaints, []);
});
