/**
 * What stands in front of several nodes: takes each connection to the next of them, and leaves out
 * those that are not ready.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import type { Scope } from './scope.js';

/** Milliseconds for which it is believed what a node answered: that it is ready, or not. */
const BELIEVED = 200;
/** Milliseconds that a node has for that answer, or for taking a connection. */
const ANSWERS_WITHIN = 1_000;

/** One of the nodes, and whether it was ready when it was asked last. */
interface Backing {
  readonly url: URL;
  asked: number;
  ready: Promise<boolean>;
}

export class Balancer {
  readonly #nodes: readonly Backing[];
  #next = 0;

  /** @param nodes where they are reached, as origins */
  constructor(nodes: readonly string[]) {
    this.#nodes = nodes.map(url => ({ url: new URL(url), asked: -Infinity, ready: Promise.resolve(false) }));
  }

  /** Opens a door for many people: each connection goes to the next node, whoever made it. */
  async gate(scope: Scope): Promise<Door> {
    return opened(scope, new Door(() => this.#choose(undefined)));
  }

  /**
   * Opens a door for one person, who stays with a node as long as it is ready: long-polling needs
   * that.
   *
   * @param first the node that they come to, if it is ready; default whose turn it is
   */
  async door(scope: Scope, first?: number): Promise<Door> {
    return opened(scope, new Door(last => this.#choose(last ?? first)));
  }

  /**
   * A connection to a node that is ready; where none is, to one that answers at all, which has
   * words for it.
   */
  async #choose(wanted: number | undefined): Promise<Chosen | undefined> {
    const from = wanted ?? this.#next;
    if (wanted === undefined) this.#next = (this.#next + 1) % this.#nodes.length;
    const order = this.#nodes.map((_, index) => (from + index) % this.#nodes.length);
    for (const mustBeReady of [true, false]) {
      for (const node of order) {
        const backing = this.#nodes[node];
        if (!backing || (mustBeReady && !(await isReady(backing)))) continue;
        const socket = await reach(backing.url);
        if (socket) return { node, socket };
      }
    }
    return undefined;
  }
}

interface Chosen {
  /** By its place among the nodes. */
  readonly node: number;
  readonly socket: Socket;
}

/** Where somebody comes in. */
export class Door {
  /** The node that a WebSocket goes to through it just now, and that one. */
  #live: { readonly node: number; readonly near: Socket } | undefined;
  /** The node that the last request of long-polling went to, since there was no WebSocket. */
  #polled: number | undefined;
  /** The node that the newest connection was carried to. */
  #last: number | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param choose told to which node the connection before went */
  constructor(choose: (last: number | undefined) => Promise<Chosen | undefined>) {
    this.#server = createServer(near => void this.#carry(near, choose(this.#last)));
  }

  /**
   * The node that whoever came through here is on, by its place among the nodes; undefined while
   * they are on none.
   */
  get node(): number | undefined {
    return this.#live?.node ?? this.#polled;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #carry(near: Socket, choosing: Promise<Chosen | undefined>): Promise<void> {
    this.#keep(near);
    const chosen = await choosing;
    if (!chosen || near.destroyed) {
      chosen?.socket.destroy();
      near.destroy();
      return;
    }
    const { node, socket: far } = chosen;
    this.#last = node;
    this.#keep(far);
    far.on('close', () => {
      near.destroy();
      if (this.#live?.near === near) this.#live = undefined;
    });
    near.on('close', () => far.destroy());
    // What is fetched beside it says nothing about where they are.
    near.once('data', (chunk: Buffer) => {
      if (chunk.includes('transport=websocket')) {
        this.#live = { node, near };
        this.#polled = undefined;
      } else if (chunk.includes('transport=polling')) this.#polled = node;
    });
    near.pipe(far);
    far.pipe(near);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

async function opened(scope: Scope, door: Door): Promise<Door> {
  await door.open();
  scope.after(() => door.close());
  return door;
}

function isReady(backing: Backing): Promise<boolean> {
  const now = performance.now();
  if (now - backing.asked > BELIEVED) {
    backing.asked = now;
    const signal = AbortSignal.timeout(ANSWERS_WITHIN);
    backing.ready = fetch(new URL('/readyz', backing.url), { signal }).then(
      async answer => {
        await answer.body?.cancel();
        return answer.ok;
      },
      () => false,
    );
  }
  return backing.ready;
}

async function reach({ hostname, port }: URL): Promise<Socket | undefined> {
  const socket = connect({ host: hostname, port: Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWERS_WITHIN) });
    socket.on('error', () => socket.destroy());
    return socket;
  } catch {
    socket.destroy();
    return undefined;
  }
}
