/**
 * A network as bad as networks get, between one client and a server: each connection has a delay of its own, jitter, moments in which
 * nothing moves, ends of which only one side learns, and a sudden end; and what was sent over one may arrive after what was sent over the next.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import type { Scope } from '../support/backend.js';
import type { Chance } from './chance.js';

/** Milliseconds. Who waits a fifth of what people's patience allows, as the crowd does, finds them five times as long. */
const DELAY = { least: 0, most: 40 };
const JITTER = 15;
const LIFE = { least: 300, most: 5_000 };
const STALL = { least: 100, most: 1_500 };
/** For how long what was sent last is under way before the connection ends, and for how long after it. */
const HELD = { before: 300, least: 300, most: 3_000 };

/** How connections came to their end, and what arrived too late; of all networks that count in it. */
export class Damage {
  cut = 0;
  halfClosed = 0;
  stalled = 0;
  /** Cut while something was under way, which arrived all the same. */
  late = 0;
  /** Pieces that reached the server after something that its client sent later, over its next connection. */
  overtaken = 0;

  get ends(): number {
    return this.cut + this.halfClosed + this.stalled + this.late;
  }
}

export class RoughNetwork {
  /** Once false, connections are passed on as they are. */
  rough = true;
  readonly #chance: Chance;
  readonly #target: URL;
  readonly #server: Server;
  readonly #damage: Damage;
  readonly #sockets = new Set<Socket>();
  /** How many connections there were. */
  #count = 0;
  /** The newest connection over which the server was reached. */
  #newest = 0;

  private constructor(target: URL, chance: Chance, damage: Damage) {
    this.#target = target;
    this.#chance = chance;
    this.#damage = damage;
    this.#server = createServer({ allowHalfOpen: true }, near => this.#carry(near));
  }

  static async before(scope: Scope, target: string, chance: Chance, damage: Damage): Promise<RoughNetwork> {
    const network = new RoughNetwork(new URL(target), chance, damage);
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
    this.#count += 1;
    const number = this.#count;
    const up = this.#lane(near, far, () => {
      if (number < this.#newest) this.#damage.overtaken += 1;
      else this.#newest = number;
    });
    const pair: Pair = { near, far, up, down: this.#lane(far, near), lingers: false };
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
        if (!this.rough || (!pair.lingers && this.#chance.next() < 0.7)) other.destroy();
        else if (!pair.lingers) setTimeout(() => other.destroy(), this.#chance.between(STALL.least, STALL.most));
      });
    }
    if (this.rough) this.#doom(pair);
  }

  /** Carries one direction, in order, each piece after the delay of its connection. */
  #lane(from: Socket, to: Socket, arrived: () => void = () => undefined): Lane {
    const delay = this.rough ? this.#chance.between(DELAY.least, DELAY.most) : 0;
    const jitter = (): number => (this.rough ? this.#chance.between(0, JITTER) : 0);
    const lane = new Lane({ to, delay, jitter, arrived });
    from.on('data', (chunk: Buffer) => lane.carry(chunk));
    from.on('end', () => lane.end());
    return lane;
  }

  #doom(pair: Pair): void {
    const { near, far, up, down } = pair;
    const timer = setTimeout(
      () => {
        const dice = this.#chance.next();
        if (dice < 0.4) {
          this.#damage.cut += 1;
          near.destroy();
        } else if (dice < 0.6) {
          this.#damage.halfClosed += 1;
          (this.#chance.next() < 0.5 ? near : far).end();
          setTimeout(() => near.destroy(), this.#chance.between(STALL.least, STALL.most));
        } else if (dice < 0.8) {
          this.#damage.stalled += 1;
          for (const lane of [up, down]) lane.stall();
          setTimeout(() => near.destroy(), this.#chance.between(STALL.least, STALL.most));
        } else {
          this.#damage.late += 1;
          this.#beLate(pair);
        }
      },
      this.#chance.between(LIFE.least, LIFE.most),
    );
    near.on('close', () => clearTimeout(timer));
  }

  /** What is sent last is long under way: the client has given the connection up, and maybe come back, before it arrives. */
  #beLate(pair: Pair): void {
    const { near, far, up } = pair;
    const held = HELD.before + this.#chance.between(HELD.least, HELD.most);
    pair.lingers = true;
    up.hold(held);
    setTimeout(() => near.destroy(), HELD.before);
    setTimeout(() => far.destroy(), held + STALL.least);
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** A connection of the client's, and the one to the server that stands for it. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly up: Lane;
  readonly down: Lane;
  /** The far side outlives the near one until all has arrived. */
  lingers: boolean;
}

interface LaneOptions {
  readonly to: Socket;
  readonly delay: number;
  readonly jitter: () => number;
  /** Told of each piece. */
  readonly arrived: () => void;
}

interface Piece {
  /** When it arrives, by `performance.now()`. */
  readonly due: number;
  readonly deliver: () => void;
}

/** One direction of one connection: no piece overtakes another. */
class Lane {
  readonly #options: LaneOptions;
  readonly #underWay: Piece[] = [];
  #stalled = false;
  #heldUntil = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  carry(chunk: Buffer): void {
    this.#later(() => {
      this.#options.arrived();
      this.#options.to.write(chunk);
    });
  }

  end(): void {
    // That a held lane has ended is not told before the network ends it.
    if (this.#heldUntil === 0) this.#later(() => this.#options.to.end());
  }

  /** From now on nothing arrives, and nobody is told. */
  stall(): void {
    this.#stalled = true;
  }

  /** Nothing arrives for so many milliseconds; then all of it does. */
  hold(ms: number): void {
    this.#heldUntil = performance.now() + ms;
  }

  #later(deliver: () => void): void {
    const due = performance.now() + this.#options.delay + this.#options.jitter();
    this.#underWay.push({ due, deliver });
    if (this.#underWay.length === 1) this.#wait();
  }

  #wait(): void {
    const [next] = this.#underWay;
    if (!next) return;
    setTimeout(() => this.#arrive(), Math.max(next.due, this.#heldUntil) - performance.now());
  }

  #arrive(): void {
    const now = performance.now();
    for (let [next] = this.#underWay; next && Math.max(next.due, this.#heldUntil) <= now; [next] = this.#underWay) {
      this.#underWay.shift();
      if (!this.#stalled && this.#options.to.writable) next.deliver();
    }
    this.#wait();
  }
}
