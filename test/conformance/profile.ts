/**
 * The real server as the public test suites of Socket.IO's and Engine.IO's protocols want to find
 * it: `/` and `/custom` are open and echo, and under another path Engine.IO's own messages are
 * echoed. All else is as in production, at its own path; the suites' paths lead there.
 */
import type { IncomingMessage } from 'node:http';

import { Decoder, Encoder } from 'socket.io-parser';

import { SOCKET_PATH } from '../../protocol/version.js';
import type { PeopleServer } from '../../server/realtime/people.js';
import type { Transport } from '../../server/realtime/transport.js';

/** The site that visitors of the suites, who name none, are taken to. */
export const SITE = 'conformance';

/** What marks a session of Engine.IO alone, in the query. */
const BARE = 'bare=1';

/**
 * Milliseconds between the answer to a CONNECT and the first event. The suite waits for one message
 * after the other, and misses the second where both come in one piece, of any server.
 */
const APART = 30;

/** Where the suites knock. */
const PATHS = [
  { path: '/socket.io/', query: `site=${SITE}` },
  { path: '/engine.io/', query: `site=${SITE}&${BARE}` },
] as const;

export const CONFORMANCE: Transport = {
  settings: {
    pingInterval: 300,
    pingTimeout: 200,
    maxHttpBufferSize: 1_000_000,
    // Of ours nobody sends binary, so production refuses it; the protocol has it.
    parser: { Encoder, Decoder },
  },
  open(server) {
    lead(server);
    echoBare(server);
    for (const name of ['/', '/custom']) echo(server, name);
  },
};

/** Leads the suites' paths to where the server listens, before it looks. */
function lead({ httpServer }: PeopleServer): void {
  const rewrite = (request: IncomingMessage): void => {
    for (const { path, query } of PATHS) {
      if (!request.url?.startsWith(path)) continue;
      const [, given = ''] = request.url.split('?');
      request.url = `${SOCKET_PATH}/?${given}&${query}`;
    }
  };
  for (const event of ['request', 'upgrade']) httpServer.prependListener(event, rewrite);
}

/** What Engine.IO carries in a bare session goes back as it came, and not to Socket.IO. */
function echoBare({ engine }: PeopleServer): void {
  engine.on('connection', (connection: BareConnection) => {
    if (!connection.request.url?.includes(BARE)) return;
    connection.removeAllListeners('data');
    connection.on('data', data => connection.send(data));
  });
}

/** The little that is needed here of Engine.IO's own sockets. */
interface BareConnection {
  readonly request: IncomingMessage;
  on(event: 'data', listener: (data: string | Buffer) => void): void;
  removeAllListeners(event: 'data'): void;
  send(data: string | Buffer): void;
}

/** The handlers that Socket.IO's suite describes. */
function echo(server: PeopleServer, name: string): void {
  server.of(name).on('connection', (socket: EchoingSocket) => {
    const { auth } = socket.handshake;
    setTimeout(() => socket.emit('auth', auth), APART);
    socket.on('message', (...args) => socket.emit('message-back', ...args));
    socket.on('message-with-ack', (...args) => {
      const answer = args.pop();
      if (typeof answer === 'function') Reflect.apply(answer, undefined, args);
    });
  });
}

/** A socket that is no person's: it says other things. */
interface EchoingSocket {
  readonly handshake: { readonly auth: object };
  emit(name: string, ...args: unknown[]): unknown;
  on(name: string, listener: (...args: unknown[]) => void): unknown;
}
