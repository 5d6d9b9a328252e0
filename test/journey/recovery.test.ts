/**
 * Pages that are put aside, frozen, or lose their network without a word: they recover by
 * themselves, as the page that they were.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { openBrowser } from '../support/browser/open-browser.js';
import type { Visitor } from '../support/browser/visitor.js';
import { openEmbedding } from '../support/pages/embedding.js';

const LINE = [
  [0.3, 0.3],
  [0.6, 0.6],
] as const;

/**
 * Two people in a room; the pages bear a mark that no reload would leave, and note what the element
 * tells them.
 */
async function meet(t: TestContext) {
  const { origin, network } = await openEmbedding(t);
  const { visit } = await openBrowser(t);
  const [ann, bob] = [await visit(`${origin}/plain.html`), await visit(`${origin}/plain.html`)];
  await bob.page.$eval('chalk-talk', room => room.setAttribute('token-url', '/chalk-token?as=bob'));
  for (const visitor of [ann, bob]) {
    await visitor.inRoom();
    await visitor.page.evaluate(() => {
      document.title = 'the very page';
      const noted = document.documentElement.dataset;
      noted['status'] = 'connected';
      document.addEventListener('chalk-status', event => (noted['status'] = String(Reflect.get(event, 'status'))));
      document.addEventListener('chalk-presence', event => (noted['people'] = String(Reflect.get(event, 'count'))));
      addEventListener('pageshow', event => (noted['kept'] = String(event.persisted)));
    });
  }
  return { origin, network, visit, ann, bob };
}

/** What a page has noted. */
const noted = ({ page }: Visitor, what: 'status' | 'people' | 'kept') =>
  page.evaluate(name => document.documentElement.dataset[name], what);

async function seesPeople(visitor: Visitor, count: number): Promise<void> {
  await visitor.sees(
    `${count} people`,
    () => noted(visitor, 'people'),
    seen => seen === String(count),
  );
}

async function becomes(visitor: Visitor, status: string): Promise<void> {
  await visitor.sees(
    status,
    () => noted(visitor, 'status'),
    seen => seen === status,
  );
}

async function isSame({ page }: Visitor): Promise<void> {
  if ((await page.title()) === 'the very page') return;
  // What the browser itself says about it,
  // https://html.spec.whatwg.org/#dom-performancenavigationtiming-notrestoredreasons
  const why = await page.evaluate(() => JSON.stringify(performance.getEntriesByType('navigation')[0]));
  assert.fail(`another page: ${why}`);
}

/**
 * Whether the browser keeps pages at all, when one goes to another and back: the shell that comes
 * in an npm package keeps none.
 */
async function keepsPages({ page }: Visitor): Promise<boolean> {
  const bare = page.url();
  await page.evaluate(() => (document.title = 'the very page'));
  await page.goto(`${bare}?another`);
  await page.goBack();
  return (await page.title()) === 'the very page';
}

test('who goes to another page and back finds the very page, and what was said meanwhile', async t => {
  const { origin, visit, ann, bob } = await meet(t);
  const isKept = await keepsPages(await visit(`${origin}/bare.html`));
  await ann.page.goto(`${origin}/bubble.html`);
  await seesPeople(bob, 1);
  await bob.say('while you were away');
  await bob.draws(LINE);
  await ann.page.goBack();
  if (isKept) {
    await isSame(ann);
    assert.equal(await noted(ann, 'kept'), 'true', 'the browser has kept the page');
  } else {
    t.diagnostic('NOT TRIED: this browser keeps no pages, so that the one gone back to is loaded anew');
    await ann.inRoom();
  }
  await ann.reads(['while you were away']);
  await ann.seesStrokes(1);
  await seesPeople(bob, 2);
  await ann.say('back again');
  await bob.reads(['back again']);
});

test('a page that was frozen is back when it thaws', async t => {
  const { ann, bob } = await meet(t);
  // What browsers tell pages; that Chromium freezes only hidden ones is no concern here.
  const happens = (type: string) =>
    ann.page.evaluate(name => document.dispatchEvent(new Event(name, { bubbles: true })), type);
  await happens('freeze');
  await seesPeople(bob, 1);
  await bob.say('while you were frozen');
  await happens('resume');
  await ann.reads(['while you were frozen']);
  await seesPeople(bob, 2);
  await isSame(ann);
});

test('a connection that has died without a word is noticed when its page is looked at again', async t => {
  const { network, ann, bob } = await meet(t);
  network.hush();
  for (const { page } of [ann, bob]) {
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  }
  // Whoever only missed a ping would wait for longer than this test does.
  await becomes(ann, 'reconnecting');
  await bob.say('are you there?');
  await ann.reads(['are you there?']);
  await ann.say('I am');
  await bob.reads(['are you there?', 'I am']);
  await isSame(ann);
});

test('a network that is lost and wants a sign-in when it returns costs nothing that was written or drawn', async t => {
  const { network, ann, bob } = await meet(t);
  await ann.page.setOfflineMode(true);
  network.mode = 'portal';
  network.cut();
  await becomes(ann, 'offline');
  await ann.say('written on the train');
  await ann.draws(LINE);
  await ann.page.setOfflineMode(false);
  await becomes(ann, 'reconnecting');
  network.mode = 'pass';
  await bob.reads(['written on the train']);
  await bob.seesStrokes(1);
  await becomes(ann, 'connected');
  await isSame(ann);
});
