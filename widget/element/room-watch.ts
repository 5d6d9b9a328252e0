import type { LitElement } from 'lit';
import type { CommandTarget } from '../../protocol/timeline/commands/index.js';
import type { Person } from '../../protocol/timeline/state.js';
import { loadRefused } from '../refused/load.js';
import type { Aspect, Refusal, Refused, RoomSession } from '../session/index.js';
import type { Language } from '../words/languages.js';
import { Announcer } from './announcer.js';
import { BoardLoader } from './board-loader.js';
import { Notice } from './notice.js';
import { typingOf } from './people.js';
import { RoomReporter } from './room-reporter.js';
import type { SessionListener } from './session-controller.js';

/**
 * Hands on what happens in a room to whom it concerns: the page, screen readers, the board, and the
 * element where it has to be rendered anew.
 */
export class RoomWatch implements SessionListener {
  /** Tells the page. */
  readonly reporter: RoomReporter;
  readonly notice: Notice;
  readonly board: BoardLoader;
  readonly #host: LitElement;
  readonly #language: () => Language;
  readonly #announcer: Announcer;
  #typing: readonly Person[] = [];
  #newer = false;

  /** @param language the words as they are to be said now */
  constructor(host: LitElement, language: () => Language) {
    this.#host = host;
    this.#language = language;
    const announcer = new Announcer(() => host.renderRoot.querySelector('[role=status]'));
    this.#announcer = announcer;
    this.notice = new Notice(host);
    this.board = new BoardLoader(host, {
      say: text => announcer.say(text),
      refused: refused => this.commandRefused(refused),
    });
    this.reporter = new RoomReporter(host, {
      arrived: messages => announcer.heard(messages, language()),
      status: (status, before) => {
        announcer.status(status, before, language());
        // When it is needed there may be no network.
        if (status === 'connected') void loadRefused();
      },
    });
  }

  /** The other people who are writing just now. */
  get typing(): readonly Person[] {
    return this.#typing;
  }

  /** Whether a newer script would show more than this one; once it is so it stays so. */
  get newer(): boolean {
    return this.#newer;
  }

  /** The visitor has read up to `seq`. */
  read(session: RoomSession, seq: number): void {
    session.markRead(seq);
    this.reporter.read(session, seq);
    this.#host.requestUpdate();
  }

  sessionChanged(session: RoomSession, changed: ReadonlySet<Aspect>): void {
    const { typing, reporter } = this;
    const { presence } = reporter;
    reporter.changed(session, changed);
    this.board.half?.update();
    this.#typing = typingOf(typing, session.peers);
    if (session.newer && !this.#newer) {
      this.#newer = true;
      this.#announcer.say(this.#language().say('newer'));
    }
    const said = changed.has('status') || changed.has('messages') || changed.has('outbox');
    // Cursors and ink change peers many times a second; the rest of the element takes no part in
    // it.
    if (said || typing !== this.#typing || presence !== reporter.presence) this.#host.requestUpdate();
  }

  commandRefused({ target, refusal }: Refused): void {
    this.reporter.error(refusal.code, refusal.message);
    // A message that was refused says so itself, to those who see it.
    void this.#tell(target, refusal, target !== 'talk');
  }

  /** A message was refused before it was one: its text stays where it was written. */
  draftRefused(refusal: Refusal): void {
    this.reporter.error(refusal.code, refusal.message);
    void this.#tell('talk', refusal, true);
  }

  async #tell(target: CommandTarget, { code }: Refusal, visibly: boolean): Promise<void> {
    const refused = await loadRefused();
    const language = this.#language();
    const text = refused?.sayReason(target, code, language) ?? language.say('notKept');
    // Many strokes that are refused together are one thing to say.
    if (!visibly || this.notice.mishap(text)) this.#announcer.say(text);
  }
}
