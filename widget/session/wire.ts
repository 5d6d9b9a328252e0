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

/** What is heard, but for the last word. */
const FACTS = ['welcome', 'events', 'presence', 'role', 'f'] as const;

/** Who is told what comes over a wire. */
export type WireListener = Pick<ServerToClient, (typeof FACTS)[number]> & {
  /**
   * The wire is gone, or never came to be; a refusal says why where the server did. Told once, and
   * nothing after it.
   */
  lost(refusal: Refusal | undefined): void;
};

export interface WireOptions {
  readonly server: string;
  readonly site: string;
  readonly token: string;
  readonly transports: Transports;
  /** An exception of a listener, or a fact that makes no sense: it does no harm to the wire. */
  readonly report: (error: unknown) => void;
}

/**
 * One attempt at a connection, and the connection that comes of it. When it is lost another wire is
 * made.
 */
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
    for (const name of FACTS) {
      this.#socket.on(name, (...fact: unknown[]) => {
        if (this.#over) return;
        try {
          Reflect.apply(listener[name], listener, fact);
        } catch (error) {
          // A listener of ours, or a fact without the form that it should have.
          report(error);
        }
      });
    }
    this.#socket.on('bye', (fact: unknown) => (this.#bye = isRefusal(fact) ? fact : undefined));
    this.#socket.on('connect_error', error => this.#lose(refusalOf(error)));
    this.#socket.on('disconnect', () => this.#lose(this.#bye));
    this.#socket.connect();
  }

  /** Orders something; rejects where the wire is lost, and for what is no answer. */
  async order<Name extends OrderName>(name: Name, order: Orders[Name]['order']): Promise<Orders[Name]['answer']> {
    const answer: unknown = await this.#socket.emitWithAck(name, order);
    assertAnswer(name, answer);
    return answer;
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

/** The server is ours: enough is looked at to know an answer from anything else. */
function assertAnswer<Name extends OrderName>(name: Name, value: unknown): asserts value is Orders[Name]['answer'] {
  const isSuccess = typeof value === 'object' && value !== null && 'ok' in value && value.ok === true;
  if (!isSuccess && !readErrorBody(value)) throw new TypeError(`${name} was answered by something else.`);
}

/**
 * Why a connection was not made, where the server said: in its answer to CONNECT, or as the body of
 * an HTTP answer.
 */
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
