import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

import { peerGroup } from '../client-address.js';
import { PacedQueue } from '../paced-queue.js';

/** File handles reserved for everything but connections: database, scripts, backups. */
const RESERVED = 200;
/** More connections than one process serves well. */
const MOST = 50_000;

/** How many connections may be open at once, so that the process never runs out of file handles. */
export function mostConnections(openFiles = openFilesAllowed()): number {
  return Math.max(RESERVED, Math.min(MOST, openFiles - RESERVED));
}

/**
 * How many files the process may open. Where the system does not say (only Linux does), the lowest
 * common limit.
 */
function openFilesAllowed(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === 'unlimited' ? Infinity : Number(soft ?? 1_024);
  } catch {
    return 1_024;
  }
}

/** Connections that may wait to be accepted: a few seconds' worth. */
const WAITING = 4_000;
/** The fastest pace, in connections a second. */
const FASTEST = 2_000;

/**
 * Accepts new connections at a pace, so that thousands that come at once don't slow down present
 * people. A connection costs little until it is read, and it is not read before its turn.
 * Connections beyond the limit are closed without an answer, and their clients return later.
 */
function paceArrivals(server: Server): void {
  const admit = server.listeners('connection');
  server.removeAllListeners('connection');
  // The option of `net` of that name, which `http` does not pass on.
  Reflect.set(server, 'pauseOnConnect', true);
  const arrivals = new PacedQueue<Socket>({
    limit: WAITING,
    fastest: FASTEST,
    isGone: socket => socket.destroyed,
    release(socket) {
      if (!server.listening) {
        socket.destroy();
        return;
      }
      for (const listener of admit) Reflect.apply(listener, server, [socket]);
      socket.resume();
    },
    refuse: socket => void socket.destroy(),
  });
  server.on('connection', socket => arrivals.add(socket, peerGroup(socket.remoteAddress)));
}

/** Timeouts, in milliseconds. */
export interface Patience {
  /**
   * Until a request's headers are complete, from its first byte or from the start of the
   * connection.
   */
  readonly headers: number;
  /** Until the request is complete. */
  readonly request: number;
  /** Between two requests: longer than a proxy in front keeps a connection. */
  readonly keepAlive: number;
  /** Without any traffic: longer than a long poll waits. */
  readonly idle: number;
}

/** A slower client is an attack. */
const PATIENCE: Patience = { headers: 10_000, request: 20_000, keepAlive: 65_000, idle: 70_000 };

export interface HttpServerOptions {
  readonly patience?: Patience;
  /** The most connections at one time. Default: as many as the process has file handles for. */
  readonly connections?: number;
}

/** An HTTP server that slow or many clients can't block. It does not listen yet. */
export function newHttpServer(answer: RequestListener, options: HttpServerOptions = {}): Server {
  const { patience = PATIENCE, connections = mostConnections() } = options;
  const server = createServer(
    {
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      connectionsCheckingInterval: patience.headers / 2,
      keepAliveTimeout: patience.keepAlive,
    },
    answer,
  );
  // A client that stops reading its answer is disconnected.
  server.timeout = patience.idle;
  server.maxConnections = connections;
  // At the limit, idle connections are closed: their clients can open new ones later.
  server.on('drop', () => server.closeIdleConnections());
  paceArrivals(server);
  return server;
}

/** Listens, and says on which port. @param port 0 lets the system choose */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** `http://127.0.0.1:3000`. */
export function httpOrigin(host: string, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
