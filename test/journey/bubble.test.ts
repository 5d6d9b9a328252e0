/**
 * A room in a bubble, as the script that pages embed shows it: on a strict page, on a phone, and
 * beside another version of itself.
 */
import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { BUNDLE_DIR } from '../../server/package-version.js';
import { startBackend } from '../support/backend.js';
import { openBrowser } from '../support/browser/open-browser.js';
import type { Visitor } from '../support/browser/visitor.js';
import { openEmbedding } from '../support/pages/embedding.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What the page and its bubble need while it is closed, by address, and nothing else. */
const AT_FIRST = [/^\/bubble\.html$/, /^\/favicon\.ico$/, /^\/v1\/chalk-talk\.js$/, /^\/v1\/bubble-[^/]+\.js$/];

/** All that a strict page has to allow. */
const STRICT = (backend: string): readonly string[] => [
  "default-src 'none'",
  `script-src ${backend}`,
  `connect-src 'self' ${backend} ${backend.replace('http', 'ws')}`,
  "require-trusted-types-for 'script'",
];

/** The paths of everything that a page asks for from now on. */
function requestsOf({ page }: Visitor): string[] {
  const paths: string[] = [];
  page.on('request', request => paths.push(new URL(request.url()).pathname));
  return paths;
}

const isOpen = ({ page }: Visitor) => page.$eval('chalk-talk', room => room.hasAttribute('open'));

/** Resolves once the bubble's button has this name. */
const named = (visitor: Visitor, name: string) =>
  visitor.sees(
    `the button's name is "${name}"`,
    () => visitor.page.$$eval('chalk-talk >>> [part=button]', ([button]) => button?.getAttribute('aria-label')),
    seen => seen === name,
  );

test('on a strict page a bubble loads its button alone, then all of the room, and counts what comes after it', async t => {
  const { origin } = await openEmbedding(t, { 'bubble.html': STRICT });
  const { visit } = await openBrowser(t);
  const ann = await visit('about:blank');
  const requests = requestsOf(ann);
  await ann.page.goto(`${origin}/bubble.html`);
  await named(ann, 'Open chat and board');
  assert.deepEqual(
    requests.filter(path => !AT_FIRST.some(first => first.test(path))),
    [],
  );
  assert.equal(requests.filter(path => path.startsWith('/v1/bubble-')).length, 1);
  assert.deepEqual(ann.webSockets, []);

  await ann.presses('Open chat and board');
  await ann.say('Hello from the corner');
  await ann.reads(['Hello from the corner']);
  assert.equal(ann.webSockets.length, 1);
  assert.ok(!requests.some(path => path.includes('sketch')), 'the board is not wanted yet');
  await ann.opens('Board');
  await ann.inRoom();
  await ann.draws([
    [0.3, 0.3],
    [0.6, 0.6],
  ]);
  await ann.seesStrokes(1);

  const bo = await visit(`${origin}/plain.html`);
  await bo.page.$eval('chalk-talk', room => {
    room.setAttribute('room', 'bubble');
    room.setAttribute('token-url', '/chalk-token?as=bo');
  });
  await bo.reads(['Hello from the corner']);
  await bo.seesStrokes(1);
  await ann.opens('Talk');
  await bo.say('I see it');
  await ann.reads(['I see it']);
  await ann.page.keyboard.press('Escape');
  await ann.page.keyboard.press('Escape');
  await named(ann, 'Open chat and board');
  await bo.say('And now?');
  await named(ann, 'Open chat and board, 1 unread message');
  await ann.page.keyboard.press('Enter');
  await ann.reads(['And now?']);
  assert.equal(ann.webSockets.length, 1, 'it is the same session all along');
  assert.deepEqual([...ann.complaints, ...bo.complaints], []);
});

test('on a phone the page rests behind it, and is as it was afterwards', async t => {
  const { origin } = await openEmbedding(t);
  const { visit } = await openBrowser(t);
  const ann = await visit(`${origin}/bubble.html`, { width: 360, height: 700 });
  const { page } = ann;
  const scrolled = () => page.evaluate(() => scrollY);
  await named(ann, 'Open chat and board');
  await page.evaluate(() => scrollTo(0, 300));
  await ann.presses('Open chat and board');
  await ann.say('From the bus');
  await ann.reads(['From the bus']);
  for (const selector of ['h2', '[role=log]', '[role=tablist]', 'textarea']) {
    const part = await page.$(`chalk-talk >>> ${selector}`);
    await part?.hover();
    await page.mouse.wheel({ deltaY: 400 });
    await page.mouse.wheel({ deltaY: -100 });
  }
  for (let turn = 0; turn < 8; turn += 1) {
    await page.keyboard.press('Tab');
    // At the end of the panel it is the browser's own controls that have the focus.
    if (await page.evaluate(() => document.activeElement === document.body)) continue;
    for (const key of ['PageDown', 'ArrowDown', 'End'] as const) await page.keyboard.press(key);
  }
  // Two frames later whatever was to scroll has begun to.
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await scrolled(), 300);
  await page.keyboard.press('Escape');
  await ann.sees(
    'the page',
    () => isOpen(ann),
    open => !open,
  );
  assert.equal(await scrolled(), 300);
  await page.mouse.move(100, 300);
  await page.mouse.wheel({ deltaY: 100 });
  await ann.sees('the page scrolls', scrolled, top => top > 300);
});

test('two versions of the script on one page leave one element, and it works', async t => {
  const { origin } = await openEmbedding(t);
  const older = await temporaryFolder(t);
  await cp(fileURLToPath(BUNDLE_DIR), older, { recursive: true });
  const files = (await readdir(older)).filter(name => name.startsWith('chalk-talk.') && name.endsWith('.js'));
  // Whatever else differs, it is another file from another place that registers the same names.
  for (const file of files) {
    const script = await readFile(join(older, file), 'utf8');
    await writeFile(join(older, file), `globalThis.begun = (globalThis.begun ?? 0) + 1;${script}`);
  }
  for (const file of await readdir(older)) if (/\.(?:br|gz)$/.test(file)) await rm(join(older, file));
  const other = await startBackend({ origins: [origin], bundleDir: older });
  t.after(() => other.close());
  const { visit } = await openBrowser(t);
  const ann = await visit(`${origin}/bubble.html`);
  await named(ann, 'Open chat and board');
  for (const file of files) await ann.page.addScriptTag({ type: 'module', url: `${other.url}/v1/${file}` });
  assert.equal(await ann.page.evaluate(() => Reflect.get(globalThis, 'begun') as unknown), files.length);
  assert.ok(await ann.page.$eval('chalk-talk', room => customElements.get('chalk-talk') === room.constructor));
  await ann.presses('Open chat and board');
  await ann.say('One of us is enough');
  await ann.reads(['One of us is enough']);
  await ann.page.$eval('chalk-talk', room => room.after(room.cloneNode()));
  assert.equal((await ann.page.$$('chalk-talk >>> [part=button]')).length, 2, 'and so does a new one');
  assert.deepEqual(ann.complaints, []);
});
