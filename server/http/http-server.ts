import { createServer, type RequestListener, type Server } from 'node:http';

import { paceArrivals } from './arrivals.js';

/** Time in which a client must have sent its headers, and its whole request, in milliseconds: slower is an attack. */
const HEADERS_WITHIN = 10_000;
const REQUEST_WITHIN = 20_000;
/** Milliseconds that a connection may stay open between two requests: longer than a proxy in front keeps it. */
const KEEP_ALIVE = 65_000;
/** Milliseconds in which something must move on a connection: longer than a long poll waits. */
const IDLE = 70_000;

/** A server that nobody can hold by being slow. It does not listen yet. */
export function newHttpServer(answer: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_WITHIN,
      requestTimeout: REQUEST_WITHIN,
      connectionsCheckingInterval: HEADERS_WITHIN / 2,
      keepAliveTimeout: KEEP_ALIVE,
    },
    answer,
  );
  // Who stops reading an answer does not hold it for ever.
  server.timeout = IDLE;
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
