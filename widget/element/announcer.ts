import type { MessageView, Status } from '../session/index.js';
import type { Language } from '../words/languages.js';

/**
 * Between two things said, in ms: a screen reader that is told everything at once says nothing to
 * the end.
 */
const PAUSE = 1_000;

/** Of more messages than this at a time only the number is said. */
const READ_OUT = 3;

/**
 * Says things to screen readers, and only there, politely: what comes within a second is said
 * together. The talk itself is no live region: it would be read again and again.
 */
export class Announcer {
  readonly #region: () => Element | null;
  #waiting: string[] = [];
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** @param region where it speaks: an element with `role="status"` */
  constructor(region: () => Element | null) {
    this.#region = region;
  }

  say(text: string): void {
    this.#waiting.push(text);
    if (this.#pause === undefined) this.#speak();
  }

  /** Says what others wrote, or how many wrote when it is much. */
  heard(messages: readonly MessageView[], { say }: Language): void {
    const heard = messages.filter(({ own }) => !own);
    if (heard.length > READ_OUT) this.say(say('heardMany', { count: heard.length }));
    else for (const { person, text } of heard) this.say(say('heard', { name: person.name || say('someone'), text }));
  }

  /** Says how the connection is, where that concerns whoever writes. */
  status(status: Status, before: Status | undefined, { say }: Language): void {
    if (status === 'reconnecting' || status === 'offline') this.say(say(status));
    else if (status === 'connected' && (before === 'reconnecting' || before === 'offline')) this.say(say('connected'));
  }

  #speak(): void {
    this.#pause = undefined;
    const region = this.#region();
    if (region) region.textContent = this.#waiting.join('\n');
    if (this.#waiting.length === 0) return;
    this.#waiting = [];
    // Once more afterwards, with nothing: the same words again are said again, and nothing old is
    // left to be found.
    this.#pause = setTimeout(() => this.#speak(), PAUSE);
  }
}
