/**
 * The real backend for a test: the whole app on a port of its own over a SQLite file in a temporary folder, with two sites, and
 * keys to sign tokens with.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { io, type Socket } from 'socket.io-client';

import type { ClientToServer, ConnectAuth, ServerToClient } from '../../protocol/conversation.js';
import { PEOPLE_NAMESPACE, PROTOCOL_VERSION, SOCKET_PATH } from '../../protocol/version.js';
import { type App, createApp } from '../../server/app.js';
import type { Clock } from '../../server/clock.js';
import { DEFAULT_SITE_LIMITS, type Site, type SiteLimits } from '../../server/domain/site.js';
import { createLog } from '../../server/log.js';
import type { Metrics } from '../../server/metrics/metrics.js';
import type { Rates } from '../../server/rates.js';
import type { Transport } from '../../server/realtime/transport.js';
import { openSqlite } from '../../server/storage/sqlite/open-sqlite.js';
import { newSiteKey, signToken, type TestKey, type TokenRequest } from './tokens.js';

/** What runs a test, as far as tear-down goes: `t` of node:test is one. */
export interface Scope {
  after(tearDown: () => Promise<void>): void;
}

export interface BackendOptions {
  /** Origins that both sites list; default ORIGIN. */
  readonly origins?: readonly string[];
  /** Limits of both sites. */
  readonly limits?: Partial<SiteLimits>;
  /** Rooms or patterns of both sites where guests are admitted; default `{ "open-*": "member" }`. */
  readonly guests?: Site['guests'];
  readonly rates?: Partial<Rates>;
  readonly clock?: Clock;
  readonly metrics?: Metrics;
  /** The transport set otherwise than for people on pages. */
  readonly transport?: Transport;
  readonly bundleDir?: string;
  /** Where the log is written to; default nowhere. */
  readonly log?: { write(line: string): void };
}

export interface ConnectRequest {
  readonly site?: string;
  readonly token?: string;
  /** The Origin that is sent; null sends none. Default: the first one that the site lists. */
  readonly origin?: string | null;
  readonly transports?: readonly ('websocket' | 'polling')[];
  readonly protocol?: number;
}

export type TestSocket = Socket<ServerToClient, ClientToServer>;

/** The page origin that sites list unless a test says otherwise. */
export const ORIGIN = 'https://page.example';
/** The sites of a backend. */
export const SITES = ['acme', 'globex'] as const;

const SECRET_KEY = 'a secret key of the tests, long enough to be one';

export interface Backend {
  /** The same over restarts. */
  readonly url: string;
  readonly sites: readonly string[];
  /** The app that runs just now. */
  readonly app: App;
  /** The keys by which tokens are signed, by site: HS256, one for pages and one for servers. */
  readonly keys: ReadonlyMap<string, { readonly page: TestKey; readonly server: TestKey }>;
  /** A token signed with a key of its site. */
  token(request?: TokenRequest): Promise<string>;
  /** A raw client, which connects at once and never again by itself. */
  connect(request?: ConnectRequest): TestSocket;
  /** Stops the app and its storage; they stay stopped until `start`. */
  stop(): Promise<void>;
  /** Starts them anew on the same file and port. */
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Harmless when called again. */
  close(): Promise<void>;
}

/** Starts a backend; it is closed when the scope ends, or by `close` where there is none. */
export async function startBackend(scope: Scope | BackendOptions = {}, more: BackendOptions = {}): Promise<Backend> {
  const options = 'after' in scope ? more : { ...scope, ...more };
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-'));
  const file = join(folder, 'chalk-talk.db');
  const origins = options.origins ?? [ORIGIN];
  const sockets = new Set<TestSocket>();
  const keys = new Map(SITES.map(site => [site as string, { page: newSiteKey(site), server: newSiteKey(site, true) }]));

  let running = await run(file, 0, options);
  for (const id of SITES) {
    const limits = { ...DEFAULT_SITE_LIMITS, ...options.limits };
    const guests = options.guests ?? { 'open-*': 'member' };
    await running.app.sites.putSite({ id, name: id, origins, guests, limits, retentionDays: null });
    for (const { key } of Object.values(keys.get(id) ?? {})) await running.app.sites.addKey(key);
  }
  const { url, port } = running.app;

  let stopped = false;
  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    await running.close();
  }
  async function start(): Promise<void> {
    running = await run(file, port, options);
    stopped = false;
  }
  async function close(): Promise<void> {
    for (const socket of sockets) socket.disconnect();
    await stop();
    await rm(folder, { recursive: true, force: true });
  }

  const backend: Backend = {
    url,
    sites: SITES,
    get app() {
      return running.app;
    },
    keys,
    async token({ site = SITES[0], ...request } = {}) {
      const pair = keys.get(site);
      if (!pair) throw new Error(`There is no site ${site}`);
      return signToken(request.forServers ? pair.server : pair.page, request);
    },
    connect({ site = SITES[0], token, origin = origins[0] ?? ORIGIN, transports = ['websocket'], protocol } = {}) {
      const auth: Partial<ConnectAuth> = {
        ...(token !== undefined && { token }),
        protocol: protocol ?? PROTOCOL_VERSION,
      };
      const socket: TestSocket = io(url + PEOPLE_NAMESPACE, {
        path: SOCKET_PATH,
        query: { site },
        auth,
        transports: [...transports],
        forceNew: true,
        reconnection: false,
        ...(origin !== null && { extraHeaders: { origin } }),
      });
      sockets.add(socket);
      return socket;
    },
    stop,
    start,
    async restart() {
      await stop();
      await start();
    },
    close,
  };
  if ('after' in scope) scope.after(close);
  return backend;
}

async function run(file: string, port: number, options: BackendOptions): Promise<{ app: App; close(): Promise<void> }> {
  const storage = await openSqlite({ file, secretKey: SECRET_KEY });
  const app = await createApp({
    storage,
    secretKey: SECRET_KEY,
    host: '127.0.0.1',
    port,
    bundleDir: options.bundleDir ?? join(file, '..', 'no-bundle'),
    version: '0.0.0',
    log: options.log ? createLog('debug', options.log) : createLog('silent'),
    ...(options.clock && { clock: options.clock }),
    ...(options.rates && { rates: options.rates }),
    ...(options.metrics && { metrics: options.metrics }),
    transport: options.transport,
  });
  return {
    app,
    async close() {
      await app.close();
      await storage.close();
    },
  };
}
