/**
 * A network between a server and what it depends on, which a test can take away. Cut, it tells both
 * sides at once; silent, it tells neither.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import type { Scope } from './scope.js';

/**
 * A connection of the near side's, and the one that stands for it on the far side once there is
 * one.
 */
interface Pair {
  readonly near: Socket;
  far: Socket | undefined;
}

export class CutProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #state: 'whole' | 'cut' | 'silent' = 'whole';

  private constructor({ hostname, port }: URL) {
    this.#target = { host: hostname, port: Number(port) };
    this.#server = createServer({ allowHalfOpen: true }, near => this.#take(near));
  }

  /** @param target the address of what is behind it, of any scheme, with its port */
  static async before(scope: Scope, target: string): Promise<CutProxy> {
    const proxy = new CutProxy(new URL(target));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    scope.after(() => proxy.#close());
    return proxy;
  }

  /** The same address, by way of this network. */
  urlOf(target: string): string {
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Resets every connection, and each one that comes. */
  cut(): void {
    this.#state = 'cut';
    for (const pair of this.#pairs) reset(pair);
  }

  /**
   * From now on nothing gets through, and nobody is told: neither that a connection has ended, nor
   * that a new one can't be made.
   */
  swallow(): void {
    this.#state = 'silent';
    for (const { near, far } of this.#pairs) {
      if (!far) continue;
      near.unpipe(far);
      far.unpipe(near);
    }
  }

  /**
   * The network is there again. What it had swallowed arrives after all, for whoever sent it has
   * sent it again and again.
   */
  mend(): void {
    this.#state = 'whole';
    for (const pair of this.#pairs) this.#carry(pair);
  }

  #take(near: Socket): void {
    const pair: Pair = { near, far: undefined };
    this.#add(pair, near);
    if (this.#state === 'cut') reset(pair);
    else if (this.#state === 'whole') this.#carry(pair);
  }

  #carry(pair: Pair): void {
    if (!pair.far) {
      pair.far = connect({ ...this.#target, allowHalfOpen: true });
      this.#add(pair, pair.far);
    }
    const { near, far } = pair;
    near.pipe(far);
    far.pipe(near);
  }

  #add(pair: Pair, socket: Socket): void {
    this.#pairs.add(pair);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#pairs.delete(pair);
      pair.near.destroy();
      pair.far?.destroy();
    });
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const pair of this.#pairs) reset(pair);
    await closed;
  }
}

function reset({ near, far }: Pair): void {
  near.resetAndDestroy();
  far?.resetAndDestroy();
}
