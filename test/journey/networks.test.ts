/** The built script on networks that WebSocket does not get through, and as one single file. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { openBrowser } from '../support/browser/open-browser.js';
import type { NetworkMode } from '../support/browser/network-proxy.js';
import { openEmbedding } from '../support/pages/embedding.js';

const LINE = [
  [0.3, 0.3],
  [0.6, 0.6],
] as const;

/** Two people on a page talk, draw, and find it all again after a reload. */
async function meet(t: TestContext, page: string, mode: NetworkMode): Promise<void> {
  const { origin, network } = await openEmbedding(t);
  const { visit } = await openBrowser(t);
  network.mode = mode;
  const ann = await visit(`${origin}/${page}`);
  const bob = await visit(`${origin}/${page}`);
  await ann.inRoom();
  await bob.inRoom();
  await ann.say('Can you hear me?');
  await bob.reads(['Can you hear me?']);
  await bob.penDown(LINE);
  await ann.sees(
    'ink in progress',
    () => ann.inkedPixels(),
    pixels => pixels > 0,
  );
  await bob.penUp();
  await ann.seesStrokes(1);
  await ann.page.reload();
  await ann.inRoom();
  await ann.reads(['Can you hear me?']);
  await ann.seesStrokes(1);
  assert.equal(network.upgrades > 0, true);
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
}

test('a network that blocks WebSocket', t => meet(t, 'plain.html', 'block-websocket'));
test('a network where WebSocket hangs', t => meet(t, 'plain.html', 'hang-websocket'));
test('the script as one single file', t => meet(t, 'single-file.html', 'pass'));
