/** The policy that the README names is all that the element needs of a strict page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openBrowser } from '../support/browser/open-browser.js';
import { openEmbedding } from '../support/pages/embedding.js';

/** `'self'` is for `token-url`, which is the page's own. */
const NEEDED = (backend: string): readonly string[] => [
  "default-src 'none'",
  `script-src ${backend}`,
  `connect-src 'self' ${backend} ${backend.replace('http', 'ws')}`,
  "require-trusted-types-for 'script'",
];

const LINE = [
  [0.3, 0.3],
  [0.6, 0.6],
] as const;

test('a page with default-src none and trusted types: all of it works, and nothing is refused', async t => {
  const { origin } = await openEmbedding(t, { 'strict.html': NEEDED });
  const { visit } = await openBrowser(t);
  const ann = await visit(`${origin}/strict.html`);
  const narrow = await visit(`${origin}/strict.html`, { width: 360, height: 740 });
  await ann.inRoom();
  await ann.say('Strict, and yet here');
  await ann.reads(['Strict, and yet here']);
  await ann.draws(LINE);
  await ann.seesStrokes(1);
  await ann.presses('Colour and size');
  await ann.presses('Save a copy');
  await narrow.opens('Board');
  await narrow.seesStrokes(1);
  await narrow.opens('Talk');
  await narrow.reads(['Strict, and yet here']);
  assert.deepEqual([...ann.complaints, ...narrow.complaints], []);
});

for (const missing of ['script-src', 'connect-src']) {
  test(`without ${missing} the policy refuses it, so the test above would see it`, async t => {
    const lacking = (backend: string) => NEEDED(backend).filter(directive => !directive.startsWith(missing));
    const { origin } = await openEmbedding(t, { 'strict.html': lacking });
    const { visit } = await openBrowser(t);
    const ann = await visit(`${origin}/strict.html`);
    await ann.sees(
      'a complaint',
      async () => ann.complaints,
      complaints => complaints.some(words => words.startsWith(missing)),
    );
  });
}
