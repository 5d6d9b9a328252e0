/**
 * A network as bad as networks get, between clients and a server: each connection has a delay of its own (so that what is sent over two of them
 * arrives in another order), jitter, moments in which nothing moves, ends of which only one side learns, and a sudden end.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import type { Scope } from '../support/backend.js';
import type { Chance } from './chance.js';

/** Milliseconds. */
const DELAY = { least: 0, most: 120 };
const JITTER = 40;
const LIFE = { least: 300, most: 5_000 };
const STALL = { least: 100, most: 1_500 };

/** How connections came to their end. */
export interface Ends {
  cut: number;
  halfClosed: number;
  stalled: number;
}

export class RoughNetwork {
  readonly ends: Ends = { cut: 0, halfClosed: 0, stalled: 0 };
  /** Once false, connections are passed on as they are. */
  rough = true;
  readonly #chance: Chance;
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: URL, chance: Chance) {
    this.#target = target;
    this.#chance = chance;
    this.#server = createServer({ allowHalfOpen: true }, near => this.#carry(near));
  }

  static async before(scope: Scope, target: string, chance: Chance): Promise<RoughNetwork> {
    const network = new RoughNetwork(new URL(target), chance);
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    scope.after(() => network.#close());
    return network;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new TypeError('No port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Becomes a good network: what is connected over the bad one is cut. */
  calm(): void {
    this.rough = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  #carry(near: Socket): void {
    const far = connect({ port: Number(this.#target.port), host: this.#target.hostname, allowHalfOpen: true });
    const lanes = [this.#lane(near, far), this.#lane(far, near)];
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        // Who is on the other side learns it, unless the network says nothing.
        if (!this.rough || this.#chance.next() < 0.7) other.destroy();
        else setTimeout(() => other.destroy(), this.#chance.between(STALL.least, STALL.most));
      });
    }
    if (this.rough) this.#doom(near, far, lanes);
  }

  /** Carries one direction, in order, each piece after the delay of its connection. */
  #lane(from: Socket, to: Socket): Lane {
    const lane = new Lane(to, this.rough ? this.#chance.between(DELAY.least, DELAY.most) : 0, () =>
      this.rough ? this.#chance.between(0, JITTER) : 0,
    );
    from.on('data', (chunk: Buffer) => lane.carry(chunk));
    from.on('end', () => lane.end());
    return lane;
  }

  #doom(near: Socket, far: Socket, lanes: readonly Lane[]): void {
    const timer = setTimeout(
      () => {
        const dice = this.#chance.next();
        if (dice < 0.5) {
          this.ends.cut += 1;
          near.destroy();
        } else if (dice < 0.75) {
          this.ends.halfClosed += 1;
          (this.#chance.next() < 0.5 ? near : far).end();
          setTimeout(() => near.destroy(), this.#chance.between(STALL.least, STALL.most));
        } else {
          this.ends.stalled += 1;
          for (const lane of lanes) lane.stall();
          setTimeout(() => near.destroy(), this.#chance.between(STALL.least, STALL.most));
        }
      },
      this.#chance.between(LIFE.least, LIFE.most),
    );
    near.on('close', () => clearTimeout(timer));
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** One direction of one connection. */
class Lane {
  readonly #to: Socket;
  readonly #delay: number;
  readonly #jitter: () => number;
  /** When the last piece arrives: none overtakes another. */
  #last = 0;
  #stalled = false;

  constructor(to: Socket, delay: number, jitter: () => number) {
    this.#to = to;
    this.#delay = delay;
    this.#jitter = jitter;
  }

  carry(chunk: Buffer): void {
    this.#later(() => this.#to.write(chunk));
  }

  end(): void {
    this.#later(() => this.#to.end());
  }

  /** From now on nothing arrives, and nobody is told. */
  stall(): void {
    this.#stalled = true;
  }

  #later(task: () => void): void {
    const now = performance.now();
    this.#last = Math.max(this.#last, now + this.#delay + this.#jitter());
    setTimeout(() => {
      if (!this.#stalled && this.#to.writable) task();
    }, this.#last - now);
  }
}
