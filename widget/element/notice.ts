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

/** What the slim line under the head says: how the connection is where it is not well, or for a moment what went wrong. */
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

  /** Tells for a moment that something did not work. */
  mishap(text: string): void {
    this.#show(text);
    this.#timer = setTimeout(() => this.#show(undefined), SHOWN);
  }

  text(session: RoomSession | undefined, { say }: Language): NoticeText | undefined {
    const status = session?.status;
    if (status === 'offline' || status === 'reconnecting' || status === 'connecting') {
      const count = session?.waiting ?? 0;
      const text = count > 0 ? `${say(status)} ${say('waiting', { count })}` : say(status);
      return { text, slow: status === 'connecting' };
    }
    return this.#mishap === undefined ? undefined : { text: this.#mishap, slow: false };
  }

  #show(text: string | undefined): void {
    clearTimeout(this.#timer);
    this.#mishap = text;
    this.#host.requestUpdate();
  }
}
