import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server whose connections can be cut, as a network does that changes. */
export class CuttableWay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(target: string): Promise<CuttableWay> {
    const { hostname, port } = new URL(target);
    const server = createServer(near => way.#carry(near, connect(Number(port), hostname)));
    const way = new CuttableWay(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return way;
  }

  /** The origin by which it is gone. */
  get url(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
  }

  /** Cuts everyone who is on it, without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #carry(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
