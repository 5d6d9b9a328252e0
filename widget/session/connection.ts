import type { LiveStep } from '../../protocol/conversation.js';
import { isPassing, type Refusal, RefusedError } from '../../protocol/errors.js';
import type { ConnectedRoom } from './connected-room.js';
import type { ConnectOptions, Status } from './contract.js';
import type { Platform } from './platform.js';
import { isTokenFault } from './refusals.js';
import { Timer } from './timer.js';
import { TokenKeeper } from './token-keeper.js';
import { TransportChoice } from './transports.js';
import { type OrderName, type Orders, type Transports, Wire, type WireListener } from './wire.js';

/** How long a connection may take to be made, in milliseconds: a hanging WebSocket is given up soon, polling may be slow. */
const WEBSOCKET_PATIENCE = 4_000;
const POLLING_PATIENCE = 12_000;
/** How long an answer may take, in milliseconds. */
const ANSWER_PATIENCE = 10_000;
/** A connection that lasted this long, in milliseconds, was a good one: the next is tried soon. */
const GOOD = 5_000;

/**
 * One person's connection to one site of a server, for any number of rooms. Is made when the first room comes, made again whenever
 * it is lost, and joins every room each time; renews the token in place. Knows nothing of what happens in rooms.
 */
export class Connection {
  readonly #options: ConnectOptions;
  readonly #platform: Platform;
  readonly #rooms = new Set<ConnectedRoom>();
  readonly #tokens: TokenKeeper;
  readonly #stopWaking: () => void;
  /** What comes next: another attempt, or giving up the one under way. */
  readonly #timer: Timer;
  readonly #rejoinTimer: Timer;
  /** Why the status is `refused`. */
  refusal: Refusal | undefined;
  readonly #transports: TransportChoice;
  #status: Exclude<Status, 'offline'> = 'connecting';
  #wire: Wire | undefined;
  #welcomedAt = 0;
  /** How often in a row it failed. */
  #failures = 0;
  /** Rises with each attempt: what belongs to an earlier one is of no interest. */
  #attempt = 0;

  constructor(options: ConnectOptions, platform: Platform) {
    this.#options = options;
    this.#platform = platform;
    this.#transports = new TransportChoice(options.transports);
    this.#tokens = new TokenKeeper({
      getToken: options.getToken,
      platform,
      adopt: token => this.order('refresh', { token }),
      adopted: () => this.#joinMissing(),
    });
    this.#timer = new Timer(platform);
    this.#rejoinTimer = new Timer(platform);
    this.#stopWaking = platform.onWake(() => this.#wake());
  }

  get status(): Status {
    const trying = this.#status === 'connecting' || this.#status === 'reconnecting';
    return trying && !this.#platform.online() ? 'offline' : this.#status;
  }

  /** The present token, for HTTP. */
  get token(): string {
    return this.#tokens.value;
  }

  /** Whether nobody uses it. */
  get idle(): boolean {
    return this.#rooms.size === 0;
  }

  attach(room: ConnectedRoom): void {
    this.#rooms.add(room);
    if (this.#status === 'connected') void this.#join(room);
    else if (this.#attempt === 0 || this.#status === 'refused') this.#retry();
  }

  detach(room: ConnectedRoom): void {
    this.#rooms.delete(room);
    if (this.#status !== 'connected' || [...this.#rooms].some(other => other.room === room.room)) return;
    this.order('leave', { room: room.room }).catch(() => {
      // Then the connection is gone, and the room with it.
    });
  }

  /** Orders something; rejects where no answer comes. */
  order<Name extends OrderName>(name: Name, order: Orders[Name]['order']): Promise<Orders[Name]['answer']> {
    if (!this.#wire || this.#status !== 'connected') return Promise.reject(new RefusedError('unavailable'));
    return this.#wire.order(name, order, ANSWER_PATIENCE);
  }

  live(handle: number, steps: readonly LiveStep[]): void {
    if (this.#status === 'connected') this.#wire?.live(handle, ...steps);
  }

  /** Ends it for good. */
  close(): void {
    this.#stopWaking();
    this.#dropWire();
    this.#attempt += 1;
    this.#setStatus('closed');
  }

  #setStatus(status: Exclude<Status, 'offline'>): void {
    this.#status = status;
    for (const room of [...this.#rooms]) room.statusChanged();
  }

  #retry(): void {
    this.refusal = undefined;
    this.#tokens.reset();
    this.#failures = 0;
    this.#setStatus('connecting');
    void this.#open();
  }

  async #open(): Promise<void> {
    const attempt = (this.#attempt += 1);
    this.#dropWire();
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
    this.#wire = new Wire({ server, site, token, transports, report }, this.#listener());
    const patience = this.#transports.present === 'websocket' ? WEBSOCKET_PATIENCE : POLLING_PATIENCE;
    // Some networks let WebSockets open and then say nothing.
    this.#timer.start(patience, () => this.#lost(undefined));
  }

  #listener(): WireListener {
    const inRoom = (name: string): ConnectedRoom[] => [...this.#rooms].filter(({ room }) => room === name);
    return {
      welcome: fact => this.#welcomed(fact.expires, fact.now),
      events: fact => inRoom(fact.room).forEach(room => room.events(fact)),
      presence: fact => inRoom(fact.room).forEach(room => room.presence(fact)),
      role: fact => inRoom(fact.room).forEach(room => room.roleChanged(fact)),
      f: (handle, ...pairs) => this.#rooms.forEach(room => room.handle === handle && room.frame(pairs)),
      lost: refusal => this.#lost(refusal),
    };
  }

  #lost(refusal: Refusal | undefined): void {
    this.#dropWire();
    if (this.#status === 'connected') {
      if (this.#platform.now() - this.#welcomedAt > GOOD) this.#failures = 0;
      this.#setStatus('reconnecting');
      for (const room of [...this.#rooms]) room.lost();
    } else if (!refusal && this.#transports.turn()) {
      void this.#open();
      return;
    }
    this.#failed(refusal);
  }

  #dropWire(): void {
    this.#timer.stop();
    this.#rejoinTimer.stop();
    this.#tokens.pause();
    this.#wire?.close();
    this.#wire = undefined;
  }

  #failed(refusal: Refusal | undefined): void {
    const open = (): void => void this.#open();
    if (refusal && isTokenFault(refusal.code) && this.#tokens.refused()) {
      // Unless it was taken only just now.
      if (this.#platform.now() - this.#welcomedAt > GOOD) {
        open();
        return;
      }
    } else if (refusal && !isPassing(refusal.code)) {
      this.refusal = refusal;
      this.#setStatus('refused');
      return;
    }
    // At least as long as the server says, and not all at one time.
    if (refusal?.retryAfter) this.#timer.start(refusal.retryAfter * (1 + this.#platform.random() / 4), open);
    else this.#timer.backOff(this.#failures, open);
    this.#failures += 1;
  }

  #welcomed(expires: number, now: number): void {
    this.#timer.stop();
    this.#welcomedAt = this.#platform.now();
    this.#setStatus('connected');
    this.#tokens.accepted(expires, now);
    for (const room of this.#rooms) void this.#join(room);
  }

  #joinMissing(failures = 0): void {
    for (const room of this.#rooms) if (room.handle === undefined) void this.#join(room, failures);
  }

  async #join(room: ConnectedRoom, failures = 0): Promise<void> {
    const wire = this.#wire;
    const current = (): boolean => wire === this.#wire && this.#rooms.has(room);
    try {
      const answer = await this.order('join', { room: room.room });
      if (!current()) return;
      if (answer.ok) {
        room.joined(answer);
        return;
      }
      if (!isPassing(answer.error.code)) {
        room.refused(answer.error);
        return;
      }
      const again = (): void => this.#joinMissing(failures + 1);
      if (answer.error.retryAfter) this.#rejoinTimer.start(answer.error.retryAfter, again);
      else this.#rejoinTimer.backOff(failures, again);
    } catch {
      // No answer though the wire seems to be there: it is not.
      if (current()) this.#lost(undefined);
    }
  }

  /** The network came or went, or the page woke: nothing is waited for any longer, and nothing that seems to be there is believed. */
  #wake(): void {
    if (this.#status === 'connected') {
      // Joining again says whether the server is there, and whether we are behind.
      for (const room of this.#rooms) void this.#join(room);
    } else if (this.#status !== 'refused') {
      this.#setStatus(this.#status);
      if (this.#platform.online() && this.#timer.running && !this.#wire) void this.#open();
    }
  }
}
