import { createHash } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';

import { GuestTokens } from './auth/guest-tokens.js';
import { SiteDirectory } from './auth/site-directory.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { type Clock, systemClock } from './clock.js';
import { Rooms } from './domain/rooms.js';
import type { Storage } from './domain/storage.js';
import { httpApp } from './http/http-app.js';
import type { Logger } from './log.js';
import { Metrics } from './metrics/metrics.js';
import { TurnMeter } from './metrics/turn-meter.js';
import { DEFAULT_RATES, type Rates } from './rates.js';
import { Gateway } from './realtime/gateway.js';

export interface AppOptions {
  /** Opened by the caller, and closed by the caller after the app. */
  readonly storage: Storage;
  /** The operator's secret; the guests' signing keys are derived from it. */
  readonly secretKey: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The folder of the built widget. Where it is missing no script is served. */
  readonly bundleDir: string;
  /** The version of this package. */
  readonly version: string;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly rates?: Partial<Rates>;
  /** Default: those of this app alone, without the process's. */
  readonly metrics?: Metrics;
}

export interface App {
  /** Where it listens, as an origin: `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly port: number;
  /** The sites and their keys; what is changed through here holds at once. */
  readonly sites: SiteDirectory;
  /**
   * Answers what was begun, tells everyone to come back, and stops listening. Harmless when called again.
   */
  close(): Promise<void>;
}

/** Time in which a client must have sent its headers, and its whole request, in milliseconds: slower is an attack. */
const HEADERS_WITHIN = 10_000;
const REQUEST_WITHIN = 20_000;
/** Milliseconds that a connection may stay open between two requests: longer than a proxy in front keeps it. */
const KEEP_ALIVE = 65_000;
/** Milliseconds in which something must move on a connection: longer than a long poll waits. */
const IDLE = 70_000;
/** Milliseconds that responses under way have to end when the server goes. */
const RESPONSES_WITHIN = 3_000;

/** Puts the server together from what it is given, and starts it. */
export async function createApp(options: AppOptions): Promise<App> {
  const { storage, secretKey, log, version, clock = systemClock, metrics = new Metrics() } = options;
  const rates = { ...DEFAULT_RATES, ...options.rates };
  const now = () => clock.now();
  const sites = await SiteDirectory.load(storage);
  const guests = new GuestTokens(secretKey);
  const tokens = new TokenVerifier({ sites, guests, now });
  const http = await httpApp({
    script: { folder: options.bundleDir, version },
    pages: { storage, tokens, guests, clock, rates },
    sites,
    log,
  });
  const answer = http.callback();
  const httpServer = createServer(
    {
      headersTimeout: HEADERS_WITHIN,
      requestTimeout: REQUEST_WITHIN,
      connectionsCheckingInterval: HEADERS_WITHIN / 2,
      keepAliveTimeout: KEEP_ALIVE,
    },
    (request, response) => void answer(request, response),
  );
  // Who stops reading an answer does not hold it for ever.
  httpServer.timeout = IDLE;
  const rooms = new Rooms({
    storage,
    now,
    digest: text => createHash('sha256').update(text).digest('base64url'),
    report: fault => log.error({ err: fault }, 'a room failed'),
    announce: (room, epoch, events) => gateway.announce(room, epoch, events),
    watch: new TurnMeter(metrics),
  });
  const gateway = new Gateway({ httpServer, storage, rooms, sites, tokens, clock, rates, metrics, log, version });
  const port = await listen(httpServer, options.port, options.host);
  const url = originOf(options.host, port);
  log.info({ url, version }, 'listening');

  async function stop(): Promise<void> {
    await rooms.close();
    const cancel = clock.after(RESPONSES_WITHIN, () => httpServer.closeAllConnections());
    await gateway.close();
    cancel();
    log.info('closed');
  }

  let stopped: Promise<void> | undefined;
  return { url, port, sites, close: () => (stopped ??= stop()) };
}

function listen(server: HttpServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function originOf(host: string, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
