import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { App } from '../../../server/app.js';
import { ADMIN_PATH } from '../../../protocol/schema/admin.js';
import { loneApp } from '../http/lone-app.js';
import { ADMIN_TOKEN, operated } from './operator.js';

/** Every route, once for what there is and once for what there is not. */
const ROUTES: readonly (readonly [method: string, path: string])[] = ['acme', 'initech'].flatMap(site => [
  ['GET', '/status'] as const,
  ['GET', '/sites'] as const,
  ['POST', '/sites'] as const,
  ['GET', `/sites/${site}`] as const,
  ['PATCH', `/sites/${site}`] as const,
  ['DELETE', `/sites/${site}`] as const,
  ['GET', `/sites/${site}/usage`] as const,
  ['GET', `/sites/${site}/keys`] as const,
  ['POST', `/sites/${site}/keys`] as const,
  ['PATCH', `/sites/${site}/keys/first`] as const,
  ['DELETE', `/sites/${site}/keys/first`] as const,
  ['POST', `/sites/${site}/tokens`] as const,
  ['GET', `/sites/${site}/revocations`] as const,
  ['POST', `/sites/${site}/revocations`] as const,
  ['DELETE', `/sites/${site}/revocations?kind=person&subject=ann`] as const,
  ['GET', '/backup'] as const,
  ['GET', '/nothing/of/the/kind'] as const,
]);

async function asked(app: App, method: string, path: string, headers: Readonly<Record<string, string>>) {
  const body = method === 'POST' || method === 'PATCH' ? '{"id":"hooli","forServers":true}' : undefined;
  const response = await fetch(app.url + ADMIN_PATH + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, body: await response.text() };
}

async function setUp(t: TestContext) {
  const set = await operated(t);
  await set.operator.does('POST', '/sites/acme/keys', { kid: 'first' });
  return set;
}

test('who has not the ADMIN_TOKEN gets the same answer at every route, whether there is something or not', async t => {
  const { app } = await setUp(t);
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: `Bearer ${ADMIN_TOKEN}x` },
    { authorization: `Bearer ${ADMIN_TOKEN.slice(0, -1)}` },
    { authorization: `Basic ${ADMIN_TOKEN}` },
    { cookie: `token=${ADMIN_TOKEN}` },
  ];
  for (const headers of wrong) {
    const answers = new Set<string>();
    for (const [method, path] of ROUTES) {
      const { status, body } = await asked(app, method, path, headers);
      assert.equal(status, 401);
      answers.add(body);
    }
    assert.equal(answers.size, 1);
    assert.match([...answers][0] ?? '', /admin_token_invalid/);
  }
  assert.ok(app.sites.site('acme') && app.sites.key('acme', 'first') && !app.sites.site('hooli'));
});

test('a page is refused even with the token', async t => {
  const { app } = await setUp(t);
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, origin: 'https://page.example' };
  for (const [method, path] of ROUTES) {
    const { status, body } = await asked(app, method, path, headers);
    assert.equal(status, 403);
    assert.match(body, /origin_not_allowed/);
  }
  const preflight = await fetch(`${app.url}${ADMIN_PATH}/sites`, {
    method: 'OPTIONS',
    headers: { origin: headers.origin },
  });
  assert.equal(preflight.headers.get('access-control-allow-origin'), null);
  assert.ok(app.sites.site('acme') && !app.sites.site('hooli'));
});

test("without an ADMIN_TOKEN the operator's API is not there", async t => {
  const app = await loneApp(t);
  for (const [method, path] of ROUTES) {
    for (const token of [ADMIN_TOKEN, '', 'undefined']) {
      const { status, body } = await asked(app, method, path, { authorization: `Bearer ${token}` });
      assert.equal(status, 404);
      assert.match(body, /not_found/);
    }
  }
});
