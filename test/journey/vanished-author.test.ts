/**
 * Somebody who vanishes in the middle of a stroke, for good or for a while, before the eyes of
 * somebody else.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { openBrowser } from '../support/browser/open-browser.js';
import type { Visitor } from '../support/browser/visitor.js';
import { openEmbedding } from '../support/pages/embedding.js';

const LINE = [
  [0.2, 0.3],
  [0.4, 0.6],
  [0.6, 0.4],
] as const;

/** Resolves when ink of somebody else is there to be seen, more than `least` pixels of it. */
function seesInk(visitor: Visitor, least = 0): Promise<number> {
  return visitor.sees(
    `more than ${least} pixels of ink`,
    () => visitor.inkedPixels(),
    pixels => pixels > least,
  );
}

/** Ana has begun a line in a room, and Bo sees it. */
async function begun(t: TestContext, origin: string): Promise<{ readonly ana: Visitor; readonly bo: Visitor }> {
  const { visit } = await openBrowser(t);
  const ana = await visit(`${origin}/plain.html?as=ana`);
  const bo = await visit(`${origin}/plain.html?as=bo`);
  await Promise.all([ana.inRoom(), bo.inRoom()]);
  await ana.penDown(LINE);
  await seesInk(bo);
  return { ana, bo };
}

test('what somebody drew before their page was closed stays to be seen, and is kept', async t => {
  const { origin } = await openEmbedding(t);
  const { ana, bo } = await begun(t, origin);
  await ana.page.close();

  // Looked at all the while: from the ink of somebody who is there to a stroke of somebody who is
  // gone there is never nothing.
  const pixels: number[] = [];
  const looks = async (): Promise<number> => {
    pixels.push(await bo.inkedPixels());
    return bo.strokes();
  };
  await bo.sees('the stroke is kept', looks, strokes => strokes === 1);
  pixels.push(await bo.inkedPixels());
  assert.equal(pixels.includes(0), false, `inked pixels: ${pixels.join(' ')}`);

  await bo.page.reload();
  await bo.inRoom();
  await bo.seesStrokes(1);
  assert.deepEqual(bo.complaints, []);
});

test('who loses the network in mid-stroke and lifts the pen minutes later has one whole shape, and one undo for it', async t => {
  const { origin, network } = await openEmbedding(t);
  const { ana, bo } = await begun(t, origin);
  // The wire breaks for both, but Bo's device has another one.
  await ana.page.setOfflineMode(true);
  network.cut();
  await bo.seesStrokes(1);
  const part = await bo.inkedPixels();

  await ana.moves([
    [0.8, 0.7],
    [0.5, 0.85],
  ]);
  await ana.page.setOfflineMode(false);
  // Back, and drawing on: seen by both, and by Ana not twice.
  await seesInk(bo, part);
  assert.equal(await bo.strokes(), 1);
  assert.equal(await ana.strokes(), 0);
  await ana.penUp();
  await ana.seesStrokes(1);
  await bo.sees(
    'the whole stroke, and no ink besides',
    async () => [await bo.strokes(), await bo.inkedPixels()] as const,
    ([strokes, pixels]) => strokes === 1 && pixels > part,
  );
  await bo.page.reload();
  await bo.inRoom();
  await bo.seesStrokes(1);

  await ana.presses('Undo');
  await bo.seesStrokes(0);
  await ana.seesStrokes(0);
  assert.deepEqual([...ana.complaints, ...bo.complaints], []);
});
