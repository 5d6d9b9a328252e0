/**
 * The proxies of docs/deploy for several nodes, in front of three of them on a real PostgreSQL and
 * a real Redis.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { App } from '../../server/app.js';
import { DEFAULT_SITE_LIMITS } from '../../server/domain/site.js';
import { createLog } from '../../server/log.js';
import { BUNDLE_DIR } from '../../server/package-version.js';
import { ORIGIN } from '../support/backend.js';
import { startNodes } from '../support/nodes.js';
import { ProgramMissingError } from '../support/programs.js';
import { sharedPlace } from '../support/shared-place.js';
import type { Talker } from '../support/talker.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { newSiteKey, signToken } from '../support/tokens.js';
import { programs } from './programs.js';
import { CADDY, type Changes, enter, type Ground, look, NGINX, ofOwnMaking } from './proxy.js';
import { answers, freePort } from './recipe.js';

const EXAMPLES = [
  {
    proxy: NGINX,
    file: 'nginx-nodes.conf',
    changes: (hosts: readonly string[]): Changes => {
      const [first = '', ...others] = hosts;
      const rest = others.map(host => `server ${host};`).join(' ');
      return [
        ['server 10.0.0.11:3000;', `server ${first};`],
        ['server 10.0.0.12:3000;', rest],
      ];
    },
    env: () => ({}),
    looksAtReadyz: false,
  },
  {
    proxy: CADDY,
    file: 'Caddyfile.nodes',
    changes: (_hosts: readonly string[], port: number): Changes => [ofOwnMaking('{$CHALK_TALK_HOST}', port)],
    env: (hosts: readonly string[]) => ({ CHALK_TALK_NODES: hosts.join(' ') }),
    looksAtReadyz: true,
  },
];

const ADMIN_TOKEN = 'what-opens-the-nodes-of-this-test-and-is-long-enough';

/** Three nodes with a site; undefined where this machine lacks what they stand on. */
async function threeNodes(t: TestContext) {
  const place = await sharedPlace().catch((fault: unknown) => {
    if (fault instanceof ProgramMissingError) return undefined;
    throw fault;
  });
  if (!place) return undefined;
  t.after(() => place.remove());
  const bundleDir = fileURLToPath(BUNDLE_DIR);
  const parts = { bundleDir, version: '0.0.0', log: createLog('silent'), trustedProxies: 1, adminToken: ADMIN_TOKEN };
  const nodes = await startNodes(place, parts);
  t.after(() => nodes.close());
  const key = newSiteKey('acme');
  const limits = DEFAULT_SITE_LIMITS;
  const { sites } = nodes.first;
  await sites.putSite({
    id: 'acme',
    name: 'acme',
    origins: [ORIGIN],
    guests: {},
    limits,
    retentionDays: null,
    strokeTimes: true,
  });
  await sites.addKey(key.key);
  return { apps: nodes.apps, token: (person: string) => signToken(key, { person }) };
}

/** A figure of a node's `/metrics`; 0 where it has none. */
async function figure({ url }: App, series: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
  if (!response.ok) throw new Error(`${url} says ${response.status} ${await response.text()}`);
  const line = (await response.text()).split('\n').find(text => text.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

/** How many have come to each node. */
function came(apps: readonly App[], transport: 'websocket' | 'polling'): Promise<number[]> {
  return Promise.all(apps.map(app => figure(app, `chalk_talk_connections_total{transport="${transport}"}`)));
}

for (const { proxy, file, changes, env, looksAtReadyz } of EXAMPLES) {
  test(`${file}: long-polling stays at its node, and who comes while one closes is at another`, async t => {
    const started = proxy.isHere ? await threeNodes(t) : undefined;
    if (!started) {
      console.warn(
        `\n  *** NOT RUN: no PostgreSQL, Redis or ${proxy.name} on this machine; ${file} was not tried ***\n`,
      );
      return t.skip();
    }
    const { apps, token } = started;
    const [closing, ...others] = apps;
    assert.ok(closing);
    const folder = await temporaryFolder(t);
    const start = programs(t);
    const ground: Ground = {
      folder,
      run: (command, more) => start(command, { cwd: folder, env: { ...process.env, ...more } }),
    };
    const port = await freePort();
    const address = `https://127.0.0.1:${port}`;
    const hosts = apps.map(({ url }) => new URL(url).host);
    const run = await proxy.start(ground, port, file, changes(hosts, port), env(hosts));
    await answers(() => look(`${address}/healthz`).then(seen => seen === 'server 200'), run);
    assert.equal(await look(`${address}/metrics`), 'proxy 404');
    assert.equal(await look(`${address}/admin/v1/status`), 'proxy 404');

    const enterAs = async (person: string, transport: 'websocket' | 'polling'): Promise<Talker> => {
      const talker = await enter(address, { token: await token(person), origin: ORIGIN, transport });
      t.after(() => void talker.socket.disconnect());
      await talker.join('algebra-101');
      return talker;
    };
    // One after the other: a proxy that counts is to have counted those before.
    const people = async (name: string, transport: 'websocket' | 'polling', count: number) => {
      const all: Talker[] = [];
      while (all.length < count) all.push(await enterAs(`${name}-${all.length}`, transport));
      return all;
    };

    const talking = await people('talking', 'websocket', 6);
    assert.deepEqual(
      (await came(apps, 'websocket')).map(count => count > 0),
      [true, true, true],
    );
    const asking = await people('asking', 'polling', 3);
    for (const talker of [...asking, ...talking]) await talker.post('algebra-101', 'Here');
    const [first, last] = [asking[0], talking.at(-1)];
    await first?.post('algebra-101', 'The last word');
    await last?.hears('events', ({ events }) => JSON.stringify(events).includes('The last word'));

    closing.drain();
    if (looksAtReadyz) {
      const told = 'chalk_talk_http_request_seconds_count{route="/readyz",status="503"}';
      await answers(async () => (await figure(closing, told)) > 0, run);
      const before = await came([closing], 'websocket');
      await people('early', 'websocket', 6);
      assert.deepEqual(await came([closing], 'websocket'), before);
    }
    await closing.close();
    await people('late-asking', 'polling', 3);
    const [late] = await people('late', 'websocket', 6);
    await late?.post('algebra-101', 'Still here');
    assert.ok((await came(others, 'websocket')).every(count => count > 0));
  });
}
