/** The proxies of docs/deploy, run as they are written (ports and certificate apart) in front of the real server. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { io } from 'socket.io-client';

import { PEOPLE_NAMESPACE, PROTOCOL_VERSION, SOCKET_PATH } from '../../protocol/version.js';
import type { TestSocket } from '../support/backend.js';
import { Talker } from '../support/talker.js';
import type { Run } from './programs.js';
import { answers, freePort, has, kitchen, type Kitchen } from './recipe.js';

const DEPLOY = fileURLToPath(new URL('../../../docs/deploy/', import.meta.url));

interface Proxy {
  readonly name: string;
  readonly version: readonly [program: string, flag: string];
  /** Starts it on this port; resolves when its program runs. */
  readonly start: (place: Kitchen, port: number) => Promise<Run>;
}

/** The example with every `[from, to]` in place; each must be there, or the test would try something else. */
async function example(name: string, changes: readonly (readonly [from: string, to: string])[]): Promise<string> {
  let text = await readFile(join(DEPLOY, name), 'utf8');
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${name} says ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

const NGINX: Proxy = {
  name: 'nginx',
  version: ['nginx', '-v'],
  start: async ({ folder, backend, run }, port) => {
    const certificate = join(folder, 'tls.pem');
    const key = join(folder, 'tls.key');
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    await promisify(execFile)('openssl', [...request, '-keyout', key, '-out', certificate]);
    const site = await example('nginx.conf', [
      ['127.0.0.1:3000', new URL(backend.url).host],
      ['listen 80;', `listen 127.0.0.1:${await freePort()};`],
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['/etc/ssl/chalk.example.com.pem', certificate],
      ['/etc/ssl/chalk.example.com.key', key],
    ]);
    await mkdir(join(folder, 'nginx'));
    const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const places = kinds.map(kind => `${kind}_temp_path ${folder}/nginx/${kind};`).join('\n');
    const whole = `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr;
      events {} http { access_log off; ${places}\n${site} }`;
    await writeFile(join(folder, 'nginx.conf'), whole);
    return run(['nginx', '-c', join(folder, 'nginx.conf'), '-p', folder, '-e', 'stderr'], {});
  },
};

const CADDY: Proxy = {
  name: 'Caddy',
  version: ['caddy', 'version'],
  start: async ({ folder, backend, run }, port) => {
    const site = await example('Caddyfile', [
      ['127.0.0.1:3000', new URL(backend.url).host],
      // A certificate of its own making in place of a public one.
      ['chalk.example.com {', `https://127.0.0.1:${port} {\n\ttls internal\n`],
    ]);
    const quiet = `{\n\tadmin off\n\tskip_install_trust\n\thttp_port ${await freePort()}\n\tstorage file_system ${folder}/caddy\n}\n`;
    await writeFile(join(folder, 'Caddyfile'), quiet + site);
    const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    return run(['caddy', 'run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], home);
  },
};

/** What answers through the proxy, whose certificate nobody knows, and with what status; undefined where nothing does. */
function look(address: string): Promise<string | undefined> {
  return new Promise(resolve => {
    get(address, { rejectUnauthorized: false, agent: false }, response => {
      response.resume();
      // The server says so with whatever it answers.
      const who = response.headers['x-content-type-options'] ? 'server' : 'proxy';
      resolve(`${who} ${response.statusCode}`);
    }).on('error', () => resolve(undefined));
  });
}

async function enter(
  t: TestContext,
  { backend, origin }: Kitchen,
  address: string,
  transport: 'websocket' | 'polling',
) {
  const person = transport;
  const socket: TestSocket = io(address + PEOPLE_NAMESPACE, {
    path: SOCKET_PATH,
    query: { site: 'acme' },
    auth: { token: await backend.token({ person }), protocol: PROTOCOL_VERSION },
    transports: [transport],
    forceNew: true,
    reconnection: false,
    rejectUnauthorized: false,
    extraHeaders: { origin },
  });
  t.after(() => void socket.disconnect());
  const talker = new Talker(socket);
  await talker.hears('welcome');
  await talker.join('algebra-101');
  return talker;
}

for (const proxy of [NGINX, CADDY]) {
  const missing = !has(...proxy.version);
  if (missing) console.warn(`\n  *** NOT RUN: this machine has no ${proxy.name}, so its example was not tried ***\n`);

  test(`behind ${proxy.name}: WebSocket and long-polling, and nothing for the operator`, { skip: missing }, async t => {
    const place = await kitchen(t);
    const port = await freePort();
    const address = `https://127.0.0.1:${port}`;
    await answers(() => look(`${address}/healthz`).then(seen => seen === 'server 200'), await proxy.start(place, port));
    assert.equal(await look(`${address}/v1/chalk-talk.js`), 'server 200');
    assert.equal(await look(`${address}/metrics`), 'proxy 404');
    assert.equal(await look(`${address}/admin/v1/status`), 'proxy 404');

    const ann = await enter(t, place, address, 'websocket');
    const bo = await enter(t, place, address, 'polling');
    await ann.post('algebra-101', 'Over a socket');
    await bo.hears('events', ({ events }) => JSON.stringify(events).includes('Over a socket'));
    await bo.post('algebra-101', 'By asking');
    await ann.hears('events', ({ events }) => JSON.stringify(events).includes('By asking'));
  });
}
