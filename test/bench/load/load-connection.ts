import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

import { type Dialect, digits, findMessages, type Member, PAGE_ORIGIN } from './dialect.js';
import { FrameReader, textFrame } from './frames.js';

/** What a connection tells of. */
export interface LoadListener {
  /** A message reached this connection. */
  received(number: number): void;
  /**
   * The answer to a message that this connection sent.
   * @param refusal what is said where it is refused
   */
  acknowledged(number: number, refusal?: string): void;
  /** It ended though nobody here ended it. */
  lost(reason: string): void;
}

/** Read into by all connections: what is read is dealt with before the next one reads. */
const INBOX = Buffer.allocUnsafe(256 * 1024);

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const JOIN_NUMBER = 99_999_999;
const [PING, MESSAGE, EVENT, ACK, CONNECTED, FAILED] = Buffer.from('242304');

/**
 * One person of the load: a WebSocket over a bare TCP socket that speaks just enough Socket.IO. It
 * reads no JSON and makes no strings, so that hundreds of thousands of messages a second cost less
 * here than on the server that is measured.
 */
export class LoadConnection {
  readonly member: Member;
  readonly #dialect: Dialect;
  readonly #listener: LoadListener;
  readonly #socket: Socket;
  readonly #reader = new FrameReader((bytes, start, end) => this.#take(bytes, start, end));
  readonly #namespaceLength: number;
  #upgraded = false;
  #joined: (() => void) | undefined;
  #failed: ((fault: Error) => void) | undefined;
  #closed = false;

  private constructor(port: number, dialect: Dialect, member: Member, listener: LoadListener) {
    this.member = member;
    this.#dialect = dialect;
    this.#listener = listener;
    this.#namespaceLength = dialect.namespace.length;
    const onread = {
      buffer: INBOX,
      callback: (length: number) => {
        this.#read(INBOX.subarray(0, length));
        return true;
      },
    };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.#socket.on('error', fault => this.#end(fault.message));
    this.#socket.on('close', () => this.#end('closed'));
    this.#socket.write(
      [
        `GET ${dialect.path} HTTP/1.1`,
        `Host: 127.0.0.1:${String(port)}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        `Origin: ${PAGE_ORIGIN}`,
        '\r\n',
      ].join('\r\n'),
    );
  }

  /** Connects, says who it is and joins its room. */
  static async enter(port: number, dialect: Dialect, member: Member, listener: LoadListener): Promise<LoadConnection> {
    return new Promise((resolve, reject) => {
      const connection = new LoadConnection(port, dialect, member, listener);
      connection.#joined = () => resolve(connection);
      connection.#failed = reject;
    });
  }

  /** Sends message `number`. */
  say(number: number, text: string): void {
    this.#order(number, this.#dialect.say(this.member, number, text));
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #order(number: number, order: string): void {
    this.#socket.write(textFrame(`42${this.#dialect.namespace}${String(number)}${order}`));
  }

  #read(bytes: Buffer): void {
    if (this.#upgraded) return this.#reader.take(bytes);
    const end = bytes.indexOf(END_OF_HEAD);
    if (end === -1 || !bytes.subarray(0, end).includes(' 101 ')) {
      return this.#end(`not upgraded: ${bytes.subarray(0, 60).toString()}`);
    }
    this.#upgraded = true;
    const rest = bytes.subarray(end + END_OF_HEAD.length);
    if (rest.length > 0) this.#reader.take(rest);
  }

  #take(bytes: Buffer, start: number, end: number): void {
    const type = bytes[start];
    if (type === PING) this.#socket.write(textFrame('3'));
    else if (type === MESSAGE) this.#message(bytes, start, end);
    else if (bytes.toString('latin1', start, start + 2) === '0{') {
      this.#socket.write(textFrame(`40${this.#dialect.namespace}${this.#dialect.connect(this.member)}`));
    }
  }

  #message(bytes: Buffer, start: number, end: number): void {
    const type = bytes[start + 1];
    const body = start + 2 + this.#namespaceLength;
    if (type === EVENT) findMessages(bytes, body, end, number => this.#listener.received(number));
    else if (type === ACK) this.#acknowledged(bytes, body, end);
    else if (type === CONNECTED) this.#order(JOIN_NUMBER, this.#dialect.join(this.member));
    else if (type === FAILED) this.#end(bytes.toString('utf8', start, end));
  }

  #acknowledged(bytes: Buffer, start: number, end: number): void {
    const list = bytes.indexOf('[', start);
    const number = digits(bytes, start, list);
    // `[{"ok":false…`; the relay says `[]`.
    const accepted = list + 7 >= end || bytes[list + 7] !== 'f'.charCodeAt(0);
    if (number !== JOIN_NUMBER) {
      this.#listener.acknowledged(number, accepted ? undefined : bytes.toString('utf8', list, end));
    } else if (accepted) this.#joined?.();
    else this.#end(bytes.toString('utf8', start, end));
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#failed?.(new Error(`A connection of the load ended: ${reason}`));
    this.#listener.lost(reason);
  }
}
