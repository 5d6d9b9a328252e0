import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/**
 * What becomes of the next COMMIT: it gets lost on its way; its answer does; or it arrives only
 * when the test lets it, while the connection that it came by is cut at once.
 */
export type Loss = 'commit' | 'answer' | 'late';

/**
 * A network before a PostgreSQL that loses one COMMIT or its answer, and the connection with it.
 */
export class LosingNetwork {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Words that are waited for, and who waits for them. */
  readonly #awaited = new Map<string, () => void>();
  #next: Loss | undefined;
  #isWhole: Promise<void> = Promise.resolve();
  #arrive: () => void = () => undefined;

  private constructor(target: URL) {
    this.#server = createServer(near => {
      void this.#isWhole.then(() => this.#carry(near, connect(Number(target.port), target.hostname)));
    });
  }

  static async before(t: TestContext, url: string): Promise<{ readonly network: LosingNetwork; readonly url: string }> {
    const network = new LosingNetwork(new URL(url));
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    t.after(async () => {
      const closed = once(network.#server, 'close');
      network.#server.close();
      for (const socket of network.#sockets) socket.destroy();
      await closed;
    });
    const lossy = new URL(url);
    lossy.port = String((network.#server.address() as AddressInfo).port);
    return { network, url: lossy.href };
  }

  loseNext(loss: Loss): void {
    this.#next = loss;
  }

  /** From now on new connections come to nothing, until what is returned is called. */
  part(): () => void {
    let mend: () => void = () => undefined;
    this.#isWhole = new Promise(resolve => (mend = resolve));
    return mend;
  }

  /**
   * Resolves when something that holds these words is on its way to the database, or from there.
   */
  async passing(words: string): Promise<void> {
    await new Promise<void>(resolve => this.#awaited.set(words, resolve));
  }

  /** The COMMIT that is late arrives. */
  arrive(): void {
    this.#arrive();
  }

  #carry(near: Socket, far: Socket): void {
    let deaf = false;
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    near.on('data', bytes => {
      this.#lookAt(bytes);
      const loss = bytes.includes('COMMIT\0') ? this.#next : undefined;
      if (loss === undefined) return void far.write(bytes);
      this.#next = undefined;
      deaf = true;
      if (loss === 'late') this.#arrive = () => far.write(bytes);
      else if (loss === 'answer') far.write(bytes);
      else far.destroy();
      // The answer is there, and goes no further.
      if (loss === 'answer') far.once('data', () => near.resetAndDestroy());
      else near.resetAndDestroy();
    });
    far.on('data', bytes => {
      this.#lookAt(bytes);
      if (!deaf) near.write(bytes);
    });
    near.on('close', () => {
      if (!deaf) far.destroy();
    });
    far.on('close', () => near.destroy());
  }

  #lookAt(bytes: Buffer): void {
    for (const [words, resolve] of this.#awaited) if (bytes.includes(words)) resolve();
  }
}
