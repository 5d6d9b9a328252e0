/** Two rooms on one page, which has shortcuts of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openBrowser } from '../support/browser/open-browser.js';
import { openEmbedding } from '../support/pages/embedding.js';

test('two elements in two rooms share one socket and keep their rooms apart', async t => {
  const { origin } = await openEmbedding(t);
  const { visit } = await openBrowser(t);
  const ann = await visit(`${origin}/two-rooms.html`, { height: 1_300 });
  await ann.inRoom('#one');
  await ann.inRoom('#two');
  await ann.say('In the first', '#one');
  await ann.say('In the second', '#two');
  await ann.reads(['In the first'], '#one');
  await ann.reads(['In the second'], '#two');
  await ann.draws(
    [
      [0.3, 0.3],
      [0.6, 0.6],
    ],
    '#two',
  );
  await ann.seesStrokes(1, '#two');
  await ann.say('And again', '#one');
  await ann.reads(['In the first', 'And again'], '#one');
  assert.deepEqual(await ann.texts('#two'), ['In the second']);
  assert.equal(await ann.strokes('#one'), 0);
  assert.equal(ann.webSockets.length, 1);
});

test("the page's shortcuts rest while somebody writes, and work again outside", async t => {
  const { origin } = await openEmbedding(t);
  const { visit } = await openBrowser(t);
  const ann = await visit(`${origin}/two-rooms.html`);
  const heard = () => ann.page.$eval('html', html => html.dataset['keys'] ?? '');
  await ann.inRoom('#one');
  await ann.say('just / ? testing', '#one');
  await ann.reads(['just / ? testing'], '#one');
  assert.equal(await heard(), '');

  await ann.page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  await ann.page.keyboard.press('j');
  await ann.sees("the page hears its own 'j'", heard, keys => keys.startsWith('j'));
});
