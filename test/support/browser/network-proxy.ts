/**
 * A network that can fail, as a TCP-level neighbour of a backend: an HTTP proxy whose treatment of
 * WebSocket a test chooses, and that can cut every connection at once.
 */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/**
 * - `pass`: everything goes through
 * - `block-websocket`: an Upgrade is answered with 400, as some company proxies do
 * - `hang-websocket`: an Upgrade is never answered, as others do
 * - `mute-websocket`: an Upgrade is answered, and nothing comes after it
 * - `flap-websocket`: a WebSocket is cut as soon as something is said over it that is not its
 *   beginning
 * - `portal`: every request is answered with a page to sign in at
 * - `down`: every connection is closed as soon as it is made
 */
export type NetworkMode =
  'pass' | 'block-websocket' | 'hang-websocket' | 'mute-websocket' | 'flap-websocket' | 'portal' | 'down';

const SIGN_IN = '<!doctype html><title>Free Wi-Fi</title><h1>Please sign in</h1>';

export class NetworkProxy {
  mode: NetworkMode = 'pass';
  readonly #target: () => URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #upgrades = 0;

  /** @param target where to pass things on to; asked anew for each connection */
  constructor(target: () => URL) {
    this.#target = target;
    this.#server = createServer((incoming, response) => this.#pass(incoming, response));
    this.#server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
      this.#upgrade(incoming, socket, head);
    });
    this.#server.on('connection', socket => {
      if (this.mode === 'down') {
        socket.destroy();
        return;
      }
      this.#hold(socket);
    });
  }

  /** Listens on a free port of the loopback; resolves with the address. */
  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** How many WebSocket upgrades were asked for so far. */
  get upgrades(): number {
    return this.#upgrades;
  }

  /** Cuts every connection, without a word, as a lost network does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /**
   * From now on nothing passes over the connections that there are, and nobody is told: their other
   * ends have gone.
   */
  hush(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.removeAllListeners('data');
      socket.resume();
    }
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise(resolve => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A cut connection is what this class is for, not a fault.
    socket.on('error', () => socket.destroy());
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, url = '/', headers } = incoming;
    if (this.mode === 'portal') {
      // As a browser would have to be answered to read it at all.
      response.writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': headers.origin ?? '*' });
      response.end(SIGN_IN);
      return;
    }
    const outgoing = request(new URL(url, this.#target()), { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }

  #upgrade(incoming: IncomingMessage, socket: Socket, head: Buffer): void {
    this.#upgrades += 1;
    if (this.mode === 'hang-websocket') return;
    if (this.mode === 'block-websocket' || this.mode === 'portal') {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const { hostname, port } = this.#target();
    const onward = connect(Number(port), hostname, () => {
      onward.write(`${incoming.method ?? 'GET'} ${incoming.url ?? '/'} HTTP/1.1\r\n`);
      for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
        onward.write(`${incoming.rawHeaders[index] ?? ''}: ${incoming.rawHeaders[index + 1] ?? ''}\r\n`);
      }
      onward.write('\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
      if (this.mode === 'mute-websocket') onward.once('data', () => onward.unpipe().resume());
    });
    if (this.mode === 'flap-websocket') {
      // The first frame is the CONNECT.
      let frames = 0;
      socket.on('data', () => (frames += 1) > 1 && socket.destroy());
    }
    this.#hold(onward);
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  }
}
