/** Socket.IO, in the words of protocol/conversation.ts: the only file that imports its client. */
import { Manager, type ManagerOptions, type Socket } from 'socket.io-client';

import type { ClientToServer, ServerToClient } from '../../protocol/conversation.js';
import type { Refusal } from '../../protocol/errors.js';
import { PEOPLE_NAMESPACE, PROTOCOL_VERSION, SOCKET_PATH } from '../../protocol/version.js';
import { isRefusal, readErrorBody } from './refusals.js';

/** What Socket.IO's client is told to connect by. */
export type Transports = NonNullable<ManagerOptions['transports']>;

/** What can be ordered and is answered. */
export type Orders = {
  [Name in keyof ClientToServer]: ClientToServer[Name] extends (
    order: infer Order,
    answer: (answer: infer Answer) => void,
  ) => void
    ? { readonly order: Order; readonly answer: Answer }
    : never;
};
export type OrderName = Exclude<keyof ClientToServer, 'l'>;

/** Who is told what comes over a wire. */
export type WireListener = Omit<ServerToClient, 'bye'> & {
  /** The wire is gone, or never came to be; a refusal says why where the server did. Told once, and nothing after it. */
  lost(refusal: Refusal | undefined): void;
};

export interface WireOptions {
  readonly server: string;
  readonly site: string;
  readonly token: string;
  readonly transports: Transports;
  /** An exception of a listener: it does no harm to the wire. */
  readonly report: (error: unknown) => void;
}

/** One attempt at a connection, and the connection that comes of it. When it is lost another wire is made. */
export class Wire {
  readonly #socket: Socket;
  readonly #listener: WireListener;
  #bye: Refusal | undefined;
  #over = false;

  constructor({ server, site, token, transports, report }: WireOptions, listener: WireListener) {
    this.#listener = listener;
    const manager = new Manager(server, {
      path: SOCKET_PATH,
      query: { site },
      transports,
      reconnection: false,
      autoConnect: false,
    });
    this.#socket = manager.socket(PEOPLE_NAMESPACE, { auth: { token, protocol: PROTOCOL_VERSION } });
    const socket: Socket<ServerToClient, ClientToServer> = this.#socket;
    const hearing =
      <Facts extends unknown[]>(hear: (...facts: Facts) => void) =>
      (...facts: Facts): void => {
        if (this.#over) return;
        try {
          hear(...facts);
        } catch (error) {
          report(error);
        }
      };
    socket.on(
      'welcome',
      hearing(fact => listener.welcome(fact)),
    );
    socket.on(
      'events',
      hearing(fact => listener.events(fact)),
    );
    socket.on(
      'presence',
      hearing(fact => listener.presence(fact)),
    );
    socket.on(
      'role',
      hearing(fact => listener.role(fact)),
    );
    socket.on(
      'f',
      hearing((handle, ...pairs) => listener.f(handle, ...pairs)),
    );
    socket.on('bye', fact => (this.#bye = fact));
    socket.on('connect_error', error => this.#lose(refusalOf(error)));
    socket.on('disconnect', () => this.#lose(this.#bye));
    socket.connect();
  }

  /** Orders something; rejects where no answer comes within `patience` milliseconds or the wire is lost. */
  order<Name extends OrderName>(
    name: Name,
    order: Orders[Name]['order'],
    patience: number,
  ): Promise<Orders[Name]['answer']> {
    return this.#socket.timeout(patience).emitWithAck(name, order);
  }

  /** Sends live steps; they are not answered. */
  live(...parameters: Parameters<ClientToServer['l']>): void {
    this.#socket.emit('l', ...parameters);
  }

  /** Ends it without a word to the listener. */
  close(): void {
    this.#over = true;
    this.#socket.disconnect();
  }

  #lose(refusal: Refusal | undefined): void {
    if (this.#over) return;
    this.close();
    this.#listener.lost(refusal);
  }
}

/** Why a connection was not made, where the server said: in its answer to CONNECT, or as the body of an HTTP answer. */
function refusalOf(error: Error): Refusal | undefined {
  if ('data' in error && isRefusal(error.data)) return error.data;
  const context: unknown = 'context' in error ? error.context : undefined;
  if (typeof context !== 'object' || context === null || !('responseText' in context)) return undefined;
  try {
    return readErrorBody(JSON.parse(String(context.responseText)));
  } catch {
    return undefined;
  }
}
