/** The proxies of docs/deploy, run as they are written, addresses and certificates apart. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { io } from 'socket.io-client';

import { PEOPLE_NAMESPACE, PROTOCOL_VERSION, SOCKET_PATH } from '../../protocol/version.js';
import { Talker } from '../support/talker.js';
import type { TestSocket } from '../support/test-socket.js';
import type { Run } from './programs.js';
import { freePort, has, type Kitchen } from './recipe.js';

const DEPLOY = fileURLToPath(new URL('../../../docs/deploy/', import.meta.url));

/** Where a proxy's files go, and what starts it. */
export type Ground = Pick<Kitchen, 'folder' | 'run'>;

/**
 * What an example says, and what it is to say in its place; each must be there, or the test would
 * try something else.
 */
export type Changes = readonly (readonly [from: string, to: string])[];

export interface Proxy {
  readonly name: string;
  /** Whether this machine has it. */
  readonly isHere: boolean;
  /** Starts an example on this port; resolves when its program runs. */
  start(
    ground: Ground,
    port: number,
    file: string,
    changes: Changes,
    env?: Readonly<Record<string, string>>,
  ): Promise<Run>;
}

async function example(file: string, changes: Changes): Promise<string> {
  let text = await readFile(join(DEPLOY, file), 'utf8');
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${file} says ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

export const NGINX: Proxy = {
  name: 'nginx',
  isHere: has('nginx', '-v'),
  async start({ folder, run }, port, file, changes) {
    const certificate = join(folder, 'tls.pem');
    const key = join(folder, 'tls.key');
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    await promisify(execFile)('openssl', [...request, '-keyout', key, '-out', certificate]);
    const site = await example(file, [
      ...changes,
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

export const CADDY: Proxy = {
  name: 'Caddy',
  isHere: has('caddy', 'version'),
  async start({ folder, run }, port, file, changes, env = {}) {
    const site = await example(file, changes);
    const quiet = `{\n\tadmin off\n\tskip_install_trust\n\thttp_port ${await freePort()}\n\tstorage file_system ${folder}/caddy\n}\n`;
    await writeFile(join(folder, 'Caddyfile'), quiet + site);
    const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, ...env };
    return run(['caddy', 'run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], home);
  },
};

/**
 * In a Caddyfile, a certificate of its own making in place of a public one.
 * @param address what stands before the brace
 */
export function ofOwnMaking(address: string, port: number): Changes[number] {
  return [`${address} {`, `https://127.0.0.1:${port} {\n\ttls internal\n`];
}

/**
 * What answers through the proxy, whose certificate nobody knows, and with what status; undefined
 * where nothing does.
 */
export function look(address: string): Promise<string | undefined> {
  return new Promise(resolve => {
    get(address, { rejectUnauthorized: false, agent: false }, response => {
      response.resume();
      // The server says so with whatever it answers.
      const who = response.headers['x-content-type-options'] ? 'server' : 'proxy';
      resolve(`${who} ${response.statusCode}`);
    }).on('error', () => resolve(undefined));
  });
}

/** Somebody who comes through a proxy. */
export async function enter(
  address: string,
  {
    token,
    origin,
    transport,
  }: { readonly token: string; readonly origin: string; readonly transport: 'websocket' | 'polling' },
): Promise<Talker> {
  const socket: TestSocket = io(address + PEOPLE_NAMESPACE, {
    path: SOCKET_PATH,
    query: { site: 'acme' },
    auth: { token, protocol: PROTOCOL_VERSION },
    transports: [transport],
    forceNew: true,
    reconnection: false,
    rejectUnauthorized: false,
    extraHeaders: { origin },
  });
  const talker = new Talker(socket);
  await talker.hears('welcome');
  return talker;
}
