/** A WebSocket that does as it is told, right or wrong: for saying what no client would. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';

import { PEOPLE_NAMESPACE, PROTOCOL_VERSION, SOCKET_PATH } from '../../protocol/version.js';
import { PATIENCE, within } from '../support/patience.js';
import { SITE } from './site.js';

const TEXT = 1;
const CLOSE = 8;

/** The server stayed with HTTP. */
export class NoUpgrade extends Error {
  override readonly name = 'NoUpgrade';

  constructor(readonly status: number) {
    super(`The server answered ${status}`);
  }
}

export class RawWebSocket {
  readonly #socket: Socket;
  #unread = Buffer.alloc(0);
  readonly #waiting = new Set<(text: string) => void>();
  readonly #ended: Promise<never>;
  open = true;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => (this.open = false));
    this.#ended = once(socket, 'close').then(() => {
      throw new Error('The connection ended.');
    });
    this.#ended.catch(() => undefined);
  }

  /**
   * Opens one to the server; rejects with `NoUpgrade` where the server does not switch protocols.
   */
  static async open(
    server: string,
    query: Readonly<Record<string, string>> = {},
    more: Readonly<Record<string, string>> = {},
  ): Promise<RawWebSocket> {
    const url = new URL(`${SOCKET_PATH}/`, server);
    url.search = new URLSearchParams({ EIO: '4', transport: 'websocket', site: SITE, ...query }).toString();
    const key = randomBytes(16).toString('base64');
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
      ...more,
    };
    const asked = request(url, { headers });
    const switched = new Promise<[Socket, Buffer]>((resolve, reject) => {
      asked.on('upgrade', (_, socket: Socket, head: Buffer) => resolve([socket, head]));
      asked.on('response', ({ statusCode }) => reject(new NoUpgrade(statusCode ?? 0)));
      asked.on('error', reject);
    });
    asked.end();
    const [socket, head] = await switched;
    const opened = new RawWebSocket(socket);
    opened.#read(head);
    return opened;
  }

  /** One that is let in and in the room. */
  static async enter(
    server: string,
    token: string,
    room: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawWebSocket> {
    const socket = await RawWebSocket.open(server, {}, headers);
    const welcome = socket.hears(text => text.includes('"welcome"'));
    socket.text(`40${PEOPLE_NAMESPACE},${JSON.stringify({ token, protocol: PROTOCOL_VERSION })}`);
    await within(PATIENCE, welcome, () => 'The server says neither welcome nor why not.');
    const joined = socket.hears(text => text.startsWith(`43${PEOPLE_NAMESPACE},0[`));
    socket.text(`42${PEOPLE_NAMESPACE},0${JSON.stringify(['join', { room }])}`);
    await within(PATIENCE, joined, () => `The server does not answer who joins ${room}.`);
    return socket;
  }

  /** A text frame. */
  text(text: string): void {
    this.frame(TEXT, Buffer.from(text));
  }

  /** A frame of any kind, masked as a client's must be unless `masked` is false. */
  frame(opcode: number, payload: Buffer, { final = true, masked = true } = {}): void {
    const mask = masked ? randomBytes(4) : Buffer.alloc(0);
    const body = Buffer.from(payload);
    if (masked)
      for (let index = 0; index < body.length; index += 1) body[index] = (body[index] ?? 0) ^ (mask[index & 3] ?? 0);
    const first = (final ? 0x80 : 0) | (opcode & 0x0f);
    const flag = masked ? 0x80 : 0;
    let head = Buffer.from([first, flag | payload.length]);
    if (payload.length > 0xffff) {
      head = Buffer.from([first, flag | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
      head.writeUInt32BE(payload.length, 6);
    } else if (payload.length > 125) {
      head = Buffer.from([first, flag | 126, payload.length >> 8, payload.length & 0xff]);
    }
    this.bytes(Buffer.concat([head, mask, body]));
  }

  /** Bytes as they are, frame or not. */
  bytes(bytes: Buffer): void {
    if (this.open) this.#socket.write(bytes);
  }

  /**
   * The next text that is as wanted, however long that takes; rejects when the connection ends
   * first.
   */
  async hears(wanted: (text: string) => boolean): Promise<string> {
    let stop: () => void = () => undefined;
    const heard = new Promise<string>(resolve => {
      const listener = (text: string): void => {
        if (wanted(text)) resolve(text);
      };
      this.#waiting.add(listener);
      stop = () => this.#waiting.delete(listener);
    });
    try {
      return await Promise.race([heard, this.#ended]);
    } finally {
      stop();
    }
  }

  /** Reads no more, as somebody whose line is stuck. */
  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (;;) {
      const bytes = this.#unread;
      if (bytes.length < 2) return;
      let length = (bytes[1] ?? 0) & 0x7f;
      let start = 2;
      if (length === 126) {
        if (bytes.length < 4) return;
        length = bytes.readUInt16BE(2);
        start = 4;
      } else if (length === 127) {
        if (bytes.length < 10) return;
        length = bytes.readUInt32BE(6);
        start = 10;
      }
      if (bytes.length < start + length) return;
      const text = bytes.subarray(start, start + length).toString();
      this.#unread = bytes.subarray(start + length);
      const opcode = (bytes[0] ?? 0) & 0x0f;
      // The server waits half a minute for a client that does not answer its close frame.
      if (opcode === CLOSE) this.#socket.end();
      if (opcode !== TEXT) continue;
      if (text === '2') this.text('3');
      else for (const listener of [...this.#waiting]) listener(text);
    }
  }
}
