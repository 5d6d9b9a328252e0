import type { LitElement, ReactiveController } from 'lit';
import type { RoomSession } from '../session/index.js';
import type { Language } from '../words/languages.js';

/** How long a mishap is told, in ms. */
const SHOWN = 6_000;

/** Words to show, and whether they can wait: a connection that is made at once needs none. */
export interface NoticeText {
  readonly text: string;
  readonly slow: boolean;
}

/**
 * What the slim line under the head says: how the connection is where it is not well, or for a
 * moment what went wrong.
 */
export class Notice implements ReactiveController {
  readonly #host: LitElement;
  #mishap: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#show(undefined);
  }

  /**
   * Tells for a moment that something did not work; returns whether that was not being told
   * already.
   */
  mishap(text: string): boolean {
    const isNew = text !== this.#mishap;
    this.#show(text);
    this.#timer = setTimeout(() => this.#show(undefined), SHOWN);
    return isNew;
  }

  text(session: RoomSession | undefined, { say }: Language): NoticeText | undefined {
    if (this.#mishap !== undefined) return { text: this.#mishap, slow: false };
    const status = session?.status;
    if (status !== 'offline' && status !== 'reconnecting' && status !== 'connecting') return undefined;
    const { waiting: count = 0, lasting } = session ?? {};
    const waiting = count > 0 && say(lasting ? 'waiting' : 'waitingHere', { count });
    return { text: waiting ? `${say(status)} ${waiting}` : say(status), slow: status === 'connecting' };
  }

  #show(text: string | undefined): void {
    clearTimeout(this.#timer);
    this.#mishap = text;
    this.#host.requestUpdate();
  }
}
