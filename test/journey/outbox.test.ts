/**
 * What was said and drawn without a network, in the built script: it outlives the tab, and arrives
 * once.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { NetworkProxy } from '../support/browser/network-proxy.js';
import { openBrowser } from '../support/browser/open-browser.js';
import { Visitor } from '../support/browser/visitor.js';
import { openEmbedding } from '../support/pages/embedding.js';

const LINES = [
  [
    [0.2, 0.3],
    [0.5, 0.3],
  ],
  [
    [0.2, 0.6],
    [0.5, 0.6],
  ],
] as const;

interface World {
  readonly network: NetworkProxy;
  readonly ann: Visitor;
  readonly bob: Visitor;
  /** Another tab of Ann's browser, in the room. */
  readonly tab: () => Promise<Visitor>;
}

async function meet(t: TestContext): Promise<World> {
  const { origin, network } = await openEmbedding(t);
  const { visit } = await openBrowser(t);
  const url = `${origin}/plain.html`;
  const [ann, bob] = [await visit(url), await visit(url)];
  for (const one of [ann, bob]) await one.inRoom();
  const context = ann.page.browserContext();
  return {
    network,
    ann,
    bob,
    async tab() {
      const page = await context.newPage();
      await page.setViewport({ width: 1_200, height: 900 });
      const visitor = await Visitor.on(page);
      await page.goto(url);
      await visitor.inRoom();
      return visitor;
    },
  };
}

function cut(network: NetworkProxy): void {
  network.mode = 'down';
  network.cut();
}

/** What the line under the head says. */
const notice =
  ({ page }: Visitor) =>
  () =>
    page.$$eval('chalk-talk >>> .notice', lines => lines.map(line => line.textContent).join());

async function seesWaiting(visitor: Visitor, count: number): Promise<void> {
  const wanted = `${count} waiting to be sent`;
  await visitor.sees(wanted, notice(visitor), said => said.endsWith(wanted));
}

test('what is said and drawn without a network outlives the tab, and arrives with the next one: once, in order', async t => {
  const { network, ann, bob, tab } = await meet(t);
  cut(network);
  await ann.sees('the loss', notice(ann), said => said !== '');
  await ann.say('one');
  await ann.draws(LINES[0]);
  await ann.say('two');
  await ann.draws(LINES[1]);
  await ann.reads(['one', 'two']);
  await ann.seesStrokes(2);
  await seesWaiting(ann, 4);
  await ann.page.close();

  network.mode = 'pass';
  const next = await tab();
  for (const one of [next, bob]) {
    await one.reads(['one', 'two']);
    await one.seesStrokes(2);
  }
  assert.deepEqual(await bob.texts(), ['one', 'two']);
  assert.deepEqual(await next.texts(), ['one', 'two']);
  await next.presses('Undo');
  for (const one of [next, bob]) await one.seesStrokes(1);

  // And nothing is left to be sent once more.
  await next.page.reload();
  await next.inRoom();
  assert.deepEqual(await next.texts(), ['one', 'two']);
  await next.seesStrokes(1);
  assert.deepEqual([...ann.complaints, ...bob.complaints, ...next.complaints], []);
});

test('a reload in the middle and a second tab: everything is there once', async t => {
  const { network, ann, bob, tab } = await meet(t);
  const second = await tab();
  cut(network);
  await ann.sees('the loss', notice(ann), said => said !== '');
  await ann.page.bringToFront();
  await ann.say('before the reload');
  await ann.draws(LINES[0]);
  await second.say('from the other tab');
  await seesWaiting(ann, 2);
  network.mode = 'pass';
  await ann.page.reload();
  await ann.inRoom();
  for (const one of [ann, second, bob]) {
    // A tab behind another shows nothing.
    await one.page.bringToFront();
    await one.sees(
      'both messages',
      () => one.texts(),
      texts => texts.length === 2,
    );
    assert.deepEqual((await one.texts()).sort(), ['before the reload', 'from the other tab']);
    await one.seesStrokes(1);
  }
  assert.deepEqual([...ann.complaints, ...second.complaints, ...bob.complaints], []);
});
