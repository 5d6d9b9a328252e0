import { createServer, type RequestListener, type Server } from 'node:http';

import { paceArrivals } from './arrivals.js';
import { mostConnections } from './open-files.js';

/** How long is waited for clients, in milliseconds. */
export interface Patience {
  /** Until a request's headers are there, from its first byte or from the beginning of the connection. */
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
  /** Connections at one time; more are not taken. Default: what the process has file handles for. */
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
