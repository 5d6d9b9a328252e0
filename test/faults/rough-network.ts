/**
 * A network as bad as networks get, between one client and a server: each connection has a delay of
 * its own, and jitter. Every few seconds comes a bad moment, for all connections that there are
 * just then, however young: a WebSocket is one that lasts, long-polling makes new ones all the
 * time. It is a sudden end, an end of which only one side learns, or a silence before the end; or
 * what was sent last arrives after what is sent over the next connection.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import type { Scope } from '../support/scope.js';

import type { Chance } from './chance.js';

/*
 * All in milliseconds. The timers of the crowd run five times faster than in earnest (HASTE in
 * crowd.ts), so each of these stands for a time that is five times as long.
 */
/**
 * How long a piece is under way, the same for all pieces of a connection; and by how much each
 * piece may be later than that.
 */
const DELAY = { least: 0, most: 120 };
const JITTER = 40;
/** From one bad moment to the next. */
const LULL = { least: 300, most: 3_000 };
/** How long a connection that carries nothing any more is kept open. */
const STALL = { least: 100, most: 1_500 };
/**
 * For how long what was sent last is under way before the connection ends, and for how long after
 * it.
 */
const HELD = { before: 300, least: 300, most: 3_000 };

/**
 * The bad moments that met somebody, and what arrived too late; of all networks that count in it.
 */
export class Damage {
  cut = 0;
  halfClosed = 0;
  stalled = 0;
  /** Cut while something was under way, which arrived all the same, later. */
  late = 0;
  /**
   * Pieces that reached the server after something that its client sent later, over another
   * connection.
   */
  overtaken = 0;

  get moments(): number {
    return this.cut + this.halfClosed + this.stalled + this.late;
  }

  /**
   * Whether each kind met somebody, and something was overtaken: before that the order was never
   * tried.
   */
  get isOfEveryKind(): boolean {
    return Math.min(this.cut, this.halfClosed, this.stalled, this.late, this.overtaken) > 0;
  }
}

export class RoughNetwork {
  readonly #chance: Chance;
  readonly #target: URL;
  readonly #server: Server;
  readonly #damage: Damage;
  readonly #sockets = new Set<Socket>();
  /** Those that have not met a bad moment yet. */
  readonly #whole = new Set<Pair>();
  /**
   * Until the next bad moment. Gone once the network is a good one, which passes everything on as
   * it is.
   */
  #lull: NodeJS.Timeout | undefined;
  /** How many pieces the client sent. */
  #sent = 0;
  /** Of those that arrived, the number of the one that was sent last. */
  #newest = 0;

  private constructor(target: URL, chance: Chance, damage: Damage) {
    this.#target = target;
    this.#chance = chance;
    this.#damage = damage;
    this.#server = createServer({ allowHalfOpen: true }, near => this.#carry(near));
    this.#waitForTheWorst();
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
    clearTimeout(this.#lull);
    this.#lull = undefined;
    for (const socket of this.#sockets) socket.destroy();
  }

  get #isRough(): boolean {
    return this.#lull !== undefined;
  }

  #carry(near: Socket): void {
    const far = connect({ port: Number(this.#target.port), host: this.#target.hostname, allowHalfOpen: true });
    const up = this.#lane(near, far, () => {
      this.#sent += 1;
      const number = this.#sent;
      return () => {
        if (number < this.#newest) this.#damage.overtaken += 1;
        else this.#newest = number;
      };
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
        this.#whole.delete(pair);
        // In most cases the other side learns of it at once, and else later.
        if (!this.#isRough || (!pair.lingers && this.#chance.next() < 0.7)) other.destroy();
        else if (!pair.lingers) setTimeout(() => other.destroy(), this.#chance.between(STALL.least, STALL.most));
      });
    }
    if (this.#isRough) this.#whole.add(pair);
  }

  /** Carries one direction, in order, each piece after the delay of its connection. */
  #lane(from: Socket, to: Socket, sent: () => () => void = () => () => undefined): Lane {
    const delay = this.#isRough ? this.#chance.between(DELAY.least, DELAY.most) : 0;
    const jitter = (): number => (this.#isRough ? this.#chance.between(0, JITTER) : 0);
    const lane = new Lane({ to, delay, jitter, sent });
    from.on('data', (chunk: Buffer) => lane.carry(chunk));
    from.on('end', () => lane.end());
    return lane;
  }

  #waitForTheWorst(): void {
    this.#lull = setTimeout(
      () => {
        if (this.#whole.size > 0) this.#doom([...this.#whole]);
        this.#whole.clear();
        this.#waitForTheWorst();
      },
      this.#chance.between(LULL.least, LULL.most),
    );
  }

  #doom(pairs: readonly Pair[]): void {
    const dice = this.#chance.next();
    const soon = this.#chance.between(STALL.least, STALL.most);
    if (dice < 0.4) {
      this.#damage.cut += 1;
      for (const { near } of pairs) near.destroy();
    } else if (dice < 0.6) {
      this.#damage.halfClosed += 1;
      for (const { near, far } of pairs) {
        (this.#chance.next() < 0.5 ? near : far).end();
        setTimeout(() => near.destroy(), soon);
      }
    } else if (dice < 0.8) {
      this.#damage.stalled += 1;
      for (const { near, up, down } of pairs) {
        for (const lane of [up, down]) lane.stall();
        setTimeout(() => near.destroy(), soon);
      }
    } else {
      this.#damage.late += 1;
      const held = HELD.before + this.#chance.between(HELD.least, HELD.most);
      for (const pair of pairs) this.#beLate(pair, held);
    }
  }

  /**
   * What is sent last is long under way: the client has given the connection up, and maybe come
   * back, before it arrives.
   */
  #beLate(pair: Pair, held: number): void {
    const { near, far, up } = pair;
    pair.lingers = true;
    up.hold(held);
    setTimeout(() => near.destroy(), HELD.before);
    setTimeout(() => far.destroy(), held + STALL.least);
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    clearTimeout(this.#lull);
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
  /** Told of each piece as it is sent. @returns what is to be told as it arrives */
  readonly sent: () => () => void;
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
    const arrived = this.#options.sent();
    this.#later(() => {
      arrived();
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
