import type { RoomSession } from '../session/index.js';
import { type Entrance, findEntrance, type Wishes } from './entrance.js';
import type { Obstacle } from './obstacles.js';
import type { RoomWatch } from './room-watch.js';
import { SessionController, type SessionHost } from './session-controller.js';

/** What stands between the visitor and the room. */
export type Barrier = { readonly kind: 'ask-name' } | { readonly kind: 'obstacle'; readonly obstacle: Obstacle };

/**
 * The way into a room: finds it from what the page says, and goes another when the page says
 * something else.
 */
export class Visit {
  readonly #host: SessionHost;
  readonly #watch: RoomWatch;
  readonly #sessions: SessionController;
  /** What the page wishes; and that with what a guest has said. */
  #asked: Wishes | undefined;
  #wishes: Wishes | undefined;
  #entrance: Entrance | undefined;
  /** On a connection of its own. */
  #alone = false;

  constructor(host: SessionHost, watch: RoomWatch) {
    this.#host = host;
    this.#watch = watch;
    this.#sessions = new SessionController(host, {
      sessionChanged: (session, changed) => {
        if (!this.#goAlone(session)) watch.sessionChanged(session, changed);
      },
      commandRefused: refused => watch.commandRefused(refused),
    });
  }

  get session(): RoomSession | undefined {
    return this.#sessions.session;
  }

  get barrier(): Barrier | undefined {
    if (this.#entrance?.kind === 'ask-name') return { kind: 'ask-name' };
    if (this.#entrance?.kind === 'missing') return { kind: 'obstacle', obstacle: 'not_configured' };
    const refusal = this.session?.status === 'refused' ? this.session.refusal : undefined;
    return refusal && { kind: 'obstacle', obstacle: refusal.code };
  }

  /** The page's wishes as they are now; the same ones again change nothing. */
  wish(wishes: Wishes): void {
    if (this.#asked && equal(Object.values(wishes), Object.values(this.#asked))) return;
    this.#asked = wishes;
    this.#go(wishes);
  }

  #go(wishes: Wishes): void {
    const before = this.#entrance;
    const renewed = this.#wishes !== undefined && this.#wishes.token !== wishes.token;
    this.#wishes = wishes;
    const entrance = findEntrance(
      wishes,
      () => this.#wishes ?? wishes,
      message => this.#watch.reporter.error('token_missing', message),
    );
    const sameWay = before?.kind === 'open' && entrance.kind === 'open' && equal(before.key, entrance.key);
    // A new token for the same person is taken when it is needed: at once where the old one was not
    // good enough.
    if (sameWay && !(renewed && this.session?.status === 'refused')) return;
    this.#entrance = entrance;
    this.#alone = false;
    this.#sessions.enter(entrance.kind === 'open' ? entrance.options : undefined);
    if (entrance.kind === 'missing') void this.#explain(wishes);
  }

  async #explain(wishes: Wishes): Promise<void> {
    const { whatIsMissing } = await import('./author-words.js');
    if (wishes === this.#wishes) this.#watch.reporter.error('not_configured', whatIsMissing(wishes));
  }

  /** A guest has said their name. */
  join(name: string): void {
    if (this.#entrance?.kind !== 'ask-name' || !this.#wishes) return;
    this.#entrance.remember(name);
    this.#go({ ...this.#wishes, name });
  }

  /** Tries the same way once more. */
  again(): void {
    this.#sessions.again();
  }

  /**
   * Whether a refusal is worth another way: a token that another element asked for may name only
   * that one's room. Then this room gets a connection, and so a token, of its own.
   */
  #goAlone(session: RoomSession): boolean {
    const { status, refusal } = session;
    if (this.#alone || status !== 'refused' || refusal?.code !== 'room_forbidden') return false;
    if (this.#entrance?.kind !== 'open') return false;
    this.#alone = true;
    const { options } = this.#entrance;
    // Not from within the session's own call.
    queueMicrotask(() => {
      if (session === this.session) this.#sessions.enter({ ...options, identity: this.#host });
    });
    return true;
  }
}

function equal(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.every((part, index) => part === other[index]);
}
