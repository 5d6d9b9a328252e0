import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Aspect, Connections, Refused, RoomOptions, RoomSession } from '../session/index.js';

/**
 * How long an element may be out of the page before its room is left, in ms: it may only be on its
 * way to another place.
 */
const GRACE = 1_000;

/** Who shows a session. */
export interface SessionHost extends ReactiveControllerHost {
  readonly isConnected: boolean;
  /** The connections of the page. */
  readonly connections: Connections;
}

/** Who is told of it. */
export interface SessionListener {
  /** Something of the session changed; at first, everything. */
  sessionChanged(session: RoomSession, changed: ReadonlySet<Aspect>): void;
  /** The server would not take something. */
  commandRefused(refused: Refused): void;
}

/**
 * Ties a room's session to an element: enters when the element is in a page, leaves when it has
 * left for good.
 */
export class SessionController implements ReactiveController {
  readonly #host: SessionHost;
  readonly #listener: SessionListener;
  #entrance: RoomOptions | undefined;
  #session: RoomSession | undefined;
  #unsubscribe: (() => void)[] = [];
  #leaving: ReturnType<typeof setTimeout> | undefined;

  constructor(host: SessionHost, listener: SessionListener) {
    this.#host = host;
    this.#listener = listener;
    host.addController(this);
  }

  /** The room as it is now; undefined while there is no way into one. */
  get session(): RoomSession | undefined {
    return this.#session;
  }

  /** Leaves the present room and enters another; undefined: none. */
  enter(entrance: RoomOptions | undefined): void {
    this.#leave();
    this.#entrance = entrance;
    if (this.#host.isConnected) this.#open();
    this.#host.requestUpdate();
  }

  /** Enters the same room anew, after it was refused. */
  again(): void {
    this.enter(this.#entrance);
  }

  hostConnected(): void {
    clearTimeout(this.#leaving);
    this.#open();
  }

  hostDisconnected(): void {
    this.#unsubscribeAll();
    this.#leaving = setTimeout(() => this.#leave(), GRACE);
  }

  #open(): void {
    if (!this.#entrance) return;
    const session = (this.#session ??= this.#host.connections.room(this.#entrance));
    if (this.#unsubscribe.length > 0) return;
    this.#unsubscribe = [
      session.onRefused(refused => this.#listener.commandRefused(refused)),
      session.subscribe(changed => this.#listener.sessionChanged(session, changed)),
    ];
  }

  #leave(): void {
    clearTimeout(this.#leaving);
    this.#unsubscribeAll();
    this.#session?.close();
    this.#session = undefined;
  }

  #unsubscribeAll(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#unsubscribe = [];
  }
}
