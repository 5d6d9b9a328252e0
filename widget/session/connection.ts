import type { LiveStep } from '../../protocol/conversation.js';
import { isPassing, type Refusal, RefusedError } from '../../protocol/errors.js';
import type { ConnectOptions, Status } from './contract.js';
import { type ConnectedRoom, JoinedRooms } from './joined-rooms.js';
import type { Platform } from './platform.js';
import { Reconnection } from './reconnection.js';
import { isTokenFault } from './refusals.js';
import { inTime, Timer } from './timer.js';
import { TokenKeeper } from './token-keeper.js';
import { TransportChoice } from './transports.js';
import { Wakefulness } from './wakefulness.js';
import { type OrderName, type Orders, type Transports, Wire } from './wire.js';

/**
 * How long an answer may take, in milliseconds; and how long where the connection is in doubt
 * anyway.
 */
const ANSWER_PATIENCE = 10_000;
const DOUBT_PATIENCE = 4_000;
/**
 * One person's connection to one site of a server, for any number of rooms. Is made when the first
 * room comes, made again whenever it is lost, and joins every room each time; renews the token in
 * place. Knows nothing of what happens in rooms.
 */
export class Connection {
  readonly #options: ConnectOptions;
  readonly #platform: Platform;
  readonly #rooms: JoinedRooms;
  readonly #tokens: TokenKeeper;
  readonly #transports: TransportChoice;
  readonly #wakefulness: Wakefulness;
  readonly #reconnection: Reconnection;
  /** Runs while the connection is in doubt. */
  readonly #doubt: Timer;
  /**
   * Why the status is `refused`; while the connection is being made again, what the server said
   * last.
   */
  refusal: Refusal | undefined;
  #status: Exclude<Status, 'offline'> = 'connecting';
  #wire: Wire | undefined;
  /** Rises with each attempt: what belongs to an earlier one is of no interest. */
  #attempt = 0;

  constructor(options: ConnectOptions, platform: Platform) {
    this.#options = options;
    this.#platform = platform;
    this.#transports = new TransportChoice(platform, options.transports);
    this.#rooms = new JoinedRooms({
      platform,
      join: room => this.order('join', { room }),
      silent: () => this.#lost(undefined),
    });
    this.#tokens = new TokenKeeper({
      getToken: options.getToken,
      platform,
      adopt: token => this.order('refresh', { token }),
      adopted: () => this.#rooms.joinMissing(),
      replaced: () => {
        this.#drop();
        void this.#open();
      },
    });
    this.#reconnection = new Reconnection({
      platform,
      connect: () => void this.#open(),
      good: () => this.#transports.stand(),
    });
    this.#doubt = new Timer(platform);
    this.#wakefulness = new Wakefulness(platform, { wake: () => this.#wake(), sleep: () => this.#sleep() });
  }

  get status(): Status {
    return this.#trying && !this.#platform.online() ? 'offline' : this.#status;
  }

  /** The present token, for HTTP. */
  get token(): string {
    return this.#tokens.value;
  }

  /** Whether nobody uses it. */
  get idle(): boolean {
    return this.#rooms.empty;
  }

  attach(room: ConnectedRoom): void {
    this.#rooms.add(room);
    if (this.#status === 'connected') void this.#rooms.join(room);
    else if (this.#attempt === 0 || this.#status === 'refused') this.#begin();
  }

  detach(room: ConnectedRoom): void {
    if (this.#rooms.delete(room) || this.#status !== 'connected') return;
    this.order('leave', { room: room.room }).catch(() => {
      // Then the connection is gone, and the room with it.
    });
  }

  /** Orders something; rejects where no answer comes. */
  async order<Name extends OrderName>(name: Name, order: Orders[Name]['order']): Promise<Orders[Name]['answer']> {
    const wire = this.#wire;
    if (!wire || this.#status !== 'connected') throw new RefusedError('unavailable');
    try {
      return await inTime(this.#platform, ANSWER_PATIENCE, wire.order(name, order));
    } catch (error) {
      if (wire === this.#wire) this.#probe();
      throw error;
    }
  }

  live(handle: number, steps: readonly LiveStep[]): void {
    if (this.#status === 'connected') this.#wire?.live(handle, ...steps);
  }

  /** Ends it for good. */
  close(): void {
    this.#end('closed');
  }

  get #trying(): boolean {
    return this.#status === 'connecting' || this.#status === 'reconnecting';
  }

  #setStatus(status: Exclude<Status, 'offline'>): void {
    this.#status = status;
    this.#rooms.statusChanged();
  }

  #begin(): void {
    this.refusal = undefined;
    this.#tokens.reset();
    this.#reconnection.reset();
    this.#wakefulness.start();
    this.#setStatus('connecting');
    void this.#open();
  }

  #end(status: 'refused' | 'closed'): void {
    this.#wakefulness.stop();
    this.#transports.anew();
    this.#drop();
    this.#setStatus(status);
  }

  async #open(): Promise<void> {
    this.#dropWire();
    const attempt = this.#attempt;
    let token: string;
    let transports: Transports;
    try {
      [token, transports] = await Promise.all([this.#tokens.take(), this.#transports.load()]);
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(error instanceof RefusedError ? error.toRefusal() : undefined);
      return;
    }
    if (attempt !== this.#attempt) return;
    const { server, site } = this.#options;
    const report = (error: unknown): void => this.#platform.report(error);
    const { events, presence, role, f } = this.#rooms;
    this.#wire = new Wire(
      { server, site, token, transports, report },
      {
        welcome: ({ expires, now }) => this.#welcomed(expires, now),
        ...{ events, presence, role, f },
        lost: refusal => this.#lost(refusal),
      },
    );
    // Some networks let WebSockets open and then say nothing.
    this.#reconnection.begin(this.#transports.patience, () => this.#lost(undefined));
  }

  #welcomed(expires: number, now: number): void {
    this.#reconnection.succeed();
    this.refusal = undefined;
    this.#setStatus('connected');
    this.#tokens.accepted(expires, now);
    this.#rooms.joinMissing();
  }

  #lost(refusal: Refusal | undefined): void {
    const { isYoung: young } = this.#reconnection;
    const before = this.#status;
    this.#drop();
    if (before === 'connected') {
      if (young && !refusal) this.#transports.stumble();
      this.#reconnection.lose();
    } else if (!refusal && this.#transports.turn()) {
      void this.#open();
      return;
    }
    this.#failed(refusal, young);
  }

  /** Gives the connection up, to be made again. */
  #drop(): void {
    this.#dropWire();
    if (this.#status !== 'connected') return;
    this.#setStatus('reconnecting');
    this.#rooms.lost();
  }

  #dropWire(): void {
    this.#attempt += 1;
    this.#reconnection.stop();
    this.#doubt.stop();
    this.#tokens.pause();
    this.#wire?.close();
    this.#wire = undefined;
  }

  /** @param young whether what failed had only just been made */
  #failed(refusal: Refusal | undefined, young = false): void {
    this.refusal = refusal ?? this.refusal;
    if (refusal && isTokenFault(refusal.code) && this.#tokens.refused()) {
      // The server took it only just now: then not at once.
      if (!young) return void this.#open();
    } else if (refusal && !isPassing(refusal.code) && !refusal.retryAfter) {
      return this.#end('refused');
    }
    this.#reconnection.retryLater(refusal?.retryAfter);
  }

  /**
   * Asks whether the server is still there: whoever has slept, or changed the network, may hold a
   * connection that ended long ago on the other side. Joining a room where one is already changes
   * nothing.
   */
  #probe(): void {
    const room = this.#rooms.some;
    if (room === undefined || !this.#wire || this.#doubt.running) return;
    this.#doubt.start(DOUBT_PATIENCE, () => this.#lost(undefined));
    this.#wire.order('join', { room }).then(
      () => this.#doubt.stop(),
      () => {
        // Lost, as it will be told; or something else is there, and time will tell.
      },
    );
  }

  /**
   * The network came or went, or the page woke: nothing is waited for any longer, and nothing that
   * seems to be there is believed.
   */
  #wake(): void {
    this.#transports.anew();
    if (!this.#trying) return this.#probe();
    // Offline, or not any more.
    this.#setStatus(this.#status);
    if (this.#wire) this.#reconnection.reset();
    else this.#reconnection.hurry();
  }

  /**
   * The page is put aside: an open connection may keep it from being kept at all, and others should
   * see that the person has gone.
   */
  #sleep(): void {
    this.#drop();
    this.#reconnection.sleep();
  }
}
