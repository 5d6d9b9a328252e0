/**
 * What `diagnose()` finds on whole pages, with the built script: each thing that a page, its server
 * or the way between can have wrong.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';

import type { Page } from 'puppeteer-core';

import type { CheckName, Diagnosis, Finding } from '../../widget/element/diagnosis/report.js';
import { ask, type Diagnosed, openDiagnosisBrowser } from '../support/diagnosis-browser.js';
import { openDiagnosisSite, type SiteSetting } from '../support/diagnosis-site.js';

const GUEST = { room: 'open-day' };

async function open(t: TestContext, setting: SiteSetting = {}) {
  const site = await openDiagnosisSite(t, setting);
  return { site, browser: await openDiagnosisBrowser(t) };
}

/** What is found, where, in which words, and that the console says the same. */
function finds({ diagnosis, block }: Diagnosed, name: CheckName, finding: Finding, ...words: readonly RegExp[]): void {
  const { message, visitorMessage } = diagnosis;
  assert.equal(diagnosis.finding, finding, message);
  assert.equal(check(diagnosis, name)?.finding, finding);
  for (const word of words) assert.match(message, word);
  assert.notEqual(visitorMessage, '');
  assert.ok(block?.includes(message), 'the console says it too');
}

function check({ checks }: Diagnosis, name: CheckName) {
  return checks.find(check => check.name === name);
}

/** A text as a pattern. */
function says(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

test('nothing, where nothing is wrong', async t => {
  const { site, browser } = await open(t);
  const found = await browser.diagnose(site.page({ attributes: { 'token-url': '/token?session=hidden' } }));
  assert.equal(found.diagnosis.finding, 'ok', found.diagnosis.message);
  assert.ok(found.block);
  const { facts, checks } = found.diagnosis;
  assert.ok(checks.every(({ name, result }) => result === (name === 'polling' ? 'skipped' : 'good')));
  assert.equal(facts['page'], site.origin);
  assert.match(facts['script'] ?? '', says(`${site.server}/v1/diagnose-`));
  assert.doesNotMatch(JSON.stringify(found), /session=hidden|eyJ/);
});

test('a page of another origin, and one that has none', async t => {
  const { site, browser } = await open(t, { listed: false });
  const foreign = await browser.diagnose(site.page({ attributes: GUEST }));
  finds(foreign, 'site', 'origin_not_allowed', says(`\`${site.origin}\` to the origins of the site "acme"`));
  const sandboxed = await browser.diagnose(site.page({ attributes: GUEST, sandboxed: true }));
  finds(sandboxed, 'site', 'origin_not_allowed', /no origin of its own/, /allow-same-origin/);
});

test('a token address that fails', async t => {
  const { site, browser } = await open(t);
  const cases: readonly (readonly [string, ...RegExp[]])[] = [
    ['/token-500', /answered 500/, /log/],
    ['/token-401', /answered 401/, /cookies/],
    ['/token-html', /answered 200 without a token/, /sign in/],
    ['/token-login', /answered 200 without a token/, /sign in/],
    ['/token-nowhere', /answered 404/],
    ['http://127.0.0.1:9/token', /can't be reached/, /preflight/, says(site.origin)],
  ];
  for (const [address, ...words] of cases) {
    const found = await browser.diagnose(site.page({ attributes: { 'token-url': `${address}?secret=1` } }));
    finds(found, 'token', 'token_unavailable', ...words);
    assert.doesNotMatch(JSON.stringify(found), /secret=1/);
  }
});

test('a policy that lacks something', async t => {
  const { site, browser } = await open(t);
  const { server } = site;
  const socket = server.replace('http', 'ws');
  const script = `script-src ${server}`;

  const nothing = await browser.diagnose(site.page({ attributes: GUEST, policy: ["default-src 'none'", script] }));
  finds(
    nothing,
    'server',
    'blocked_by_policy',
    says(`write \`connect-src ${server} ${socket}\``),
    /`default-src` holds/,
  );

  const inherited = ["default-src 'self' https://cdn.example", script];
  const own = await browser.diagnose(site.page({ attributes: GUEST, policy: inherited }));
  const repeated = `write \`connect-src 'self' https://cdn.example ${server} ${socket}\``;
  finds(own, 'server', 'blocked_by_policy', says(repeated));

  const listed = await browser.diagnose(site.page({ attributes: GUEST, policy: ["connect-src 'self'"] }));
  finds(listed, 'server', 'blocked_by_policy', says(`write \`connect-src 'self' ${server} ${socket}\``));

  const noSocket = await browser.diagnose(site.page({ attributes: GUEST, policy: [`connect-src ${server}`] }));
  finds(noSocket, 'websocket', 'blocked_by_policy', says(socket), /Long-polling works/);
  assert.equal(check(noSocket.diagnosis, 'websocket')?.result, 'warning');

  const attributes = { 'token-url': '/token' };
  const noToken = await browser.diagnose(site.page({ attributes, policy: [`connect-src ${server} ${socket}`] }));
  finds(noToken, 'token', 'blocked_by_policy', says(`write \`connect-src ${server} ${socket} 'self'\``));

  const all = ["default-src 'none'", script, `connect-src 'self' ${server} ${socket}`];
  const enough = await browser.diagnose(site.page({ attributes, policy: all }));
  assert.equal(enough.diagnosis.finding, 'ok', enough.diagnosis.message);
});

test('a policy that allows one file of the script and not its parts', async t => {
  const { site, browser } = await open(t);
  const { server } = site;
  const policy = [`script-src ${server}/v1/chalk-talk.js`];
  const found = await browser.diagnose(site.page({ attributes: GUEST, policy }));
  finds(found, 'script', 'script_incomplete', says(`allow \`script-src ${server}\``));
  assert.match(found.diagnosis.visitorMessage, /Reload the page/);
  const whole = [`script-src ${server}/v1/chalk-talk.all.js`];
  const page = site.page({ attributes: GUEST, policy: whole, script: '/v1/chalk-talk.all.js' });
  const single = await browser.diagnose(page);
  assert.equal(single.diagnosis.finding, 'ok', single.diagnosis.message);
});

test('a server that was stopped since', async t => {
  const { site, browser } = await open(t);
  const page = await browser.open();
  await browser.diagnose(site.page({ attributes: GUEST }), page);
  await site.backend.stop();
  await site.network.close();
  const found = await ask(page);
  finds(found, 'server', 'server_unreachable', says(`${site.server} can't be reached`), /extension/);
});

for (const [kind, headers] of [
  ['unreadable', {}],
  ['readable', { 'access-control-allow-origin': '*' }],
] as const) {
  test(`something else in the server's place, ${kind}`, async t => {
    const { site, browser } = await open(t);
    const stranger = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
      response.end('<!doctype html><title>Welcome to our network</title>');
    });
    await new Promise<void>(resolve => stranger.listen(0, '127.0.0.1', resolve));
    t.after(() => stranger.close());
    const { port } = stranger.address() as AddressInfo;
    const server = `http://127.0.0.1:${port}`;
    const found = await browser.diagnose(site.page({ attributes: { ...GUEST, server } }));
    const how = kind === 'readable' ? /answered 200 with text\/html/ : /Something answers/;
    finds(found, 'server', 'foreign_answer', how, says(server), /sign in first/);
    stranger.closeAllConnections();
  });
}

test('a server by http on a page by https', async t => {
  const { site, browser } = await open(t, { secure: true });
  const near = await browser.diagnose(site.page({ attributes: GUEST }));
  assert.equal(near.diagnosis.finding, 'ok', `the loopback is no mixed content: ${near.diagnosis.message}`);
  const server = site.server.replace('127.0.0.1', 'backend.chalk-talk.test');
  const found = await browser.diagnose(site.page({ attributes: { ...GUEST, server } }));
  finds(found, 'server', 'mixed_content', says(server), says(server.replace('http:', 'https:')));
});

test('a device whose clock is wrong', async t => {
  const { site, browser } = await open(t);
  const page = await browser.open();
  await page.evaluateOnNewDocument(() => {
    const { now } = Date;
    Date.now = () => now() - 7 * 86_400_000;
  });
  const found = await browser.diagnose(site.page({ attributes: { 'token-url': '/token' } }), page);
  finds(found, 'clock', 'clock_off', /7 days behind the server's/);
  assert.equal(check(found.diagnosis, 'token')?.result, 'good');
});

test('a script of another version than the server speaks', async t => {
  const { site, browser } = await open(t);
  const floating = await outdated(await browser.open());
  const found = await browser.diagnose(site.page({ attributes: GUEST }), floating);
  finds(found, 'protocol', 'protocol_unsupported', /Reload the page/);
  assert.match(found.diagnosis.visitorMessage, /Reload the page/);
  const pinned = await outdated(await browser.open());
  const old = await browser.diagnose(site.page({ attributes: GUEST, script: '/v1/0.0.0/chalk-talk.js' }), pinned);
  finds(old, 'protocol', 'protocol_unsupported', /script of version 0\.0\.0: raise it/);
});

/** A page whose script speaks a version that no server speaks any more. */
async function outdated(page: Page): Promise<Page> {
  return await rewriting(page, url => url.replace('protocol=2', 'protocol=0'));
}

test('a server that is older than the script', async t => {
  const { site, browser } = await open(t);
  const page = await rewriting(await browser.open(), url => url.replace('/check?', '/something-new?'));
  const found = await browser.diagnose(site.page({ attributes: GUEST }), page);
  finds(found, 'server', 'foreign_answer', /older Chalk Talk/);
});

test('an extension that keeps the page from the server', async t => {
  const { site, browser } = await open(t);
  const page = await rewriting(await browser.open(), url => (url.includes('/v1/sites/') ? undefined : url));
  const found = await browser.diagnose(site.page({ attributes: GUEST }), page);
  finds(found, 'server', 'server_unreachable', /extension/);
});

test('a network that lets neither transport through', async t => {
  const { site, browser } = await open(t);
  const page = await rewriting(await browser.open(), url => (url.includes('transport=polling') ? undefined : url));
  site.network.mode = 'block-websocket';
  const found = await browser.diagnose(site.page({ attributes: GUEST }), page);
  finds(found, 'websocket', 'connection_blocked', says('/v1/socket/'), /Upgrade/);
  assert.equal(check(found.diagnosis, 'polling')?.result, 'bad');
  assert.match(found.diagnosis.visitorMessage, /Your network/);
});

test('a network where WebSocket hangs', async t => {
  const { site, browser } = await open(t);
  site.network.mode = 'hang-websocket';
  const found = await browser.diagnose(site.page({ attributes: GUEST }));
  finds(found, 'websocket', 'websocket_blocked', /nothing comes over it/, /Long-polling works/);
  assert.equal(check(found.diagnosis, 'room')?.result, 'good');
});

/** A page whose requests go to another address than it thinks, or nowhere. */
async function rewriting(page: Page, address: (url: string) => string | undefined): Promise<Page> {
  await page.setRequestInterception(true);
  page.on('request', request => {
    const url = address(request.url());
    void (url === undefined ? request.abort('blockedbyclient') : request.continue({ url }));
  });
  return page;
}
