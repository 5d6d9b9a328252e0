import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

import { peerGroup } from '../client-address.js';
import { PacedQueue } from '../paced-queue.js';

/** File handles that are kept for everything but connections: the database, scripts, backups. */
const RESERVED = 200;
/** More connections than one process serves well. */
const MOST = 50_000;

/** How many connections may be open at once, so that the process never runs out of file handles. */
export function mostConnections(openFiles = openFilesAllowed()): number {
  return Math.max(RESERVED, Math.min(MOST, openFiles - RESERVED));
}

/**
 * How many files the process may open; where the system does not tell as Linux does, what the most
 * careful ones allow.
 */
function openFilesAllowed(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === 'unlimited' ? Infinity : Number(soft ?? 1_024);
  } catch {
    return 1_024;
  }
}

/** Connections that may wait to be looked at: a few seconds' worth. */
const WAITING = 4_000;
/** Connections that are looked at in a second, while that burdens nobody. */
const FASTEST = 2_000;

/**
 * Lets new connections in at a pace, so that thousands that come at one moment cost those who are
 * here nothing that they notice. A connection costs little until something of it is read, and until
 * its turn nothing is. For more than may wait there is no answer: they end, and their clients come
 * back after a while.
 */
function paceArrivals(server: Server): void {
  const admit = server.listeners('connection');
  server.removeAllListeners('connection');
  // What `net` does for its option of that name, which `http` does not pass on.
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

/** How long is waited for clients, in milliseconds. */
export interface Patience {
  /**
   * Until a request's headers are there, from its first byte or from the beginning of the
   * connection.
   */
  readonly headers: number;
  /** Until the whole request is there. */
  readonly request: number;
  /** Between two requests: longer than a proxy in front keeps a connection. */
  readonly keepAlive: number;
  /** Until something moves: longer than a long poll waits. */
  readonly idle: number;
}

/** Slower is an attack. */
const PATIENCE: Patience = { headers: 10_000, request: 20_000, keepAlive: 65_000, idle: 70_000 };

export interface HttpServerOptions {
  readonly patience?: Patience;
  /**
   * Connections at one time; more are not taken. Default: what the process has file handles for.
   */
  readonly connections?: number;
}

/** A server that nobody can hold by being slow or by being many. It does not listen yet. */
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
  // Who stops reading an answer does not hold it for ever.
  server.timeout = patience.idle;
  server.maxConnections = connections;
  // Somebody wants to come in: whoever only keeps a connection for later can make a new one then.
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
