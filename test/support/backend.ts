/**
 * The real backend for a test: one node on a SQLite file, or three on PostgreSQL and Redis, each
 * the whole app on a port of its own, with two sites, and keys to sign tokens with.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PROTOCOL_VERSION } from '../../protocol/version.js';
import type { App } from '../../server/app.js';
import type { Clock } from '../../server/clock.js';
import { DEFAULT_SITE_LIMITS, type Site, type SiteLimits } from '../../server/domain/site.js';
import type { Kinds } from '../../server/kinds.js';
import { createLog } from '../../server/log.js';
import type { Metrics } from '../../server/metrics/metrics.js';
import type { Rates } from '../../server/limits/rates.js';
import type { Transport } from '../../server/realtime/transport.js';
import { type NodeOptions, startNodes } from './nodes.js';
import { newPlace } from './place.js';
import type { Scope } from './scope.js';
import { dial, type TestSocket } from './test-socket.js';
import { newSiteKey, signToken, type TestKey, type TokenRequest } from './tokens.js';

export interface BackendOptions {
  /** Origins that both sites list; default ORIGIN. */
  readonly origins?: readonly string[];
  /** Limits of both sites. */
  readonly limits?: Partial<SiteLimits>;
  /**
   * Rooms or patterns of both sites where guests are admitted; default `{ "open-*": "member" }`.
   */
  readonly guests?: Site['guests'];
  readonly rates?: Partial<Rates>;
  readonly clock?: Clock;
  readonly metrics?: Metrics;
  /** How the transport is set; default as for people on pages. */
  readonly transport?: Transport;
  readonly bundleDir?: string;
  /** What can be asked of rooms; default all that there is. */
  readonly kinds?: Kinds;
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
  /** The node that it connects to, counted from 0; default the next one in turn. */
  readonly node?: number;
}

/** The page origin that sites list unless a test says otherwise. */
export const ORIGIN = 'https://page.example';
/** The sites of a backend. */
export const SITES = ['acme', 'globex'] as const;

export interface Backend {
  /** Where the first node listens; the same over restarts. */
  readonly url: string;
  readonly sites: readonly string[];
  /** How many nodes there are. */
  readonly nodes: number;
  /**
   * The first node's app that runs just now. A change of sites through it ends when every node
   * knows of it.
   */
  readonly app: App;
  /** Where whoever comes next is sent: to the nodes in turn, or to the one that is named. */
  address(node?: number): string;
  /** The keys by which tokens are signed, by site: HS256, one for pages and one for servers. */
  readonly keys: ReadonlyMap<string, { readonly page: TestKey; readonly server: TestKey }>;
  /** A token signed with a key of its site. */
  token(request?: TokenRequest): Promise<string>;
  /** A raw client, which connects at once and never again by itself. */
  connect(request?: ConnectRequest): TestSocket;
  /** Stops all nodes and their storage; they stay stopped until `start`. */
  stop(): Promise<void>;
  /** Starts them anew on the same data and ports, with other options where some are given. */
  start(changes?: BackendOptions): Promise<void>;
  restart(changes?: BackendOptions): Promise<void>;
  /** Harmless when called again. */
  close(): Promise<void>;
}

/** Starts a backend; it is closed when the scope ends, or by `close` where there is none. */
export async function startBackend(scope: Scope | BackendOptions = {}, more: BackendOptions = {}): Promise<Backend> {
  const options = 'after' in scope ? more : { ...scope, ...more };
  const place = await newPlace();
  const origins = options.origins ?? [ORIGIN];
  const sockets = new Set<TestSocket>();
  const keys = new Map(SITES.map(site => [site as string, { page: newSiteKey(site), server: newSiteKey(site, true) }]));

  const run = (ports?: readonly number[], changes?: BackendOptions) =>
    startNodes(place, nodeOptions({ ...options, ...changes }), ports);
  let running = await run();
  for (const id of SITES) {
    const limits = { ...DEFAULT_SITE_LIMITS, ...options.limits };
    const guests = options.guests ?? { 'open-*': 'member' };
    await running.first.sites.putSite({
      id,
      name: id,
      origins,
      guests,
      limits,
      retentionDays: null,
      strokeTimes: true,
    });
    for (const { key } of Object.values(keys.get(id) ?? {})) await running.first.sites.addKey(key);
  }
  const urls = running.apps.map(({ url }) => url);
  const ports = running.apps.map(({ port }) => port);
  const { url } = running.first;
  let turn = 0;

  let stopped = false;
  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    await running.close();
  }
  async function start(changes?: BackendOptions): Promise<void> {
    running = await run(ports, changes);
    stopped = false;
  }
  async function close(): Promise<void> {
    for (const socket of sockets) socket.disconnect();
    await stop();
    await place.remove();
  }

  const backend: Backend = {
    url,
    sites: SITES,
    nodes: urls.length,
    get app() {
      return running.first;
    },
    keys,
    async token({ site = SITES[0], ...request } = {}) {
      const pair = keys.get(site);
      if (!pair) throw new Error(`There is no site ${site}`);
      // By the clock of the server, where a test has given it one.
      const now = options.clock?.now() ?? Date.now();
      return signToken(request.forServers ? pair.server : pair.page, { now, ...request });
    },
    address(node = turn++) {
      return urls[node % urls.length] ?? url;
    },
    connect({ site = SITES[0], token, origin = origins[0] ?? ORIGIN, protocol = PROTOCOL_VERSION, node, ...how } = {}) {
      const auth = { ...(token !== undefined && { token }), protocol };
      const headers = { ...(origin !== null && { origin }) };
      const socket = dial(backend.address(node), { ...how, site, auth, headers });
      sockets.add(socket);
      return socket;
    },
    stop,
    start,
    async restart(changes) {
      await stop();
      await start(changes);
    },
    close,
  };
  if ('after' in scope) scope.after(close);
  return backend;
}

function nodeOptions({ bundleDir, log, clock, rates, metrics, transport, kinds }: BackendOptions): NodeOptions {
  return {
    bundleDir: bundleDir ?? join(tmpdir(), 'chalk-talk-no-bundle'),
    version: '0.0.0',
    log: log ? createLog('debug', log) : createLog('silent'),
    ...(clock && { clock }),
    ...(rates && { rates }),
    ...(metrics && { metrics }),
    ...(kinds && { kinds }),
    transport,
  };
}
