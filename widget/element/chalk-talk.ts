import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { styleProperties } from '../look/style-properties.js';
import type { ChatPanel } from '../chat/chat-panel.js';
import { controls } from '../look/controls.js';
import { tokens } from '../look/tokens.js';
import type { Aspect, Connections, Refused, RoomSession } from '../session/index.js';
import { RefusedError } from '../session/index.js';
import type { ExportType } from '../sketch/index.js';
import { Languages, type Language } from '../words/languages.js';
import { reasonWords } from '../words/refusal-words.js';
import { Announcer } from './announcer.js';
import { chalkTalkStyles } from './chalk-talk.styles.js';
import type { GetToken, Wishes } from './entrance.js';
import { BoardLoader } from './board-loader.js';
import { ChalkBeforeSendEvent } from './events.js';
import { gateView, loadGate } from './gate-view.js';
import { halvesView, shownHalves, type View } from './halves.js';
import { keepKeysInside } from './key-boundary.js';
import { KeyboardSpace } from './keyboard-space.js';
import { Layout } from './layout.js';
import { Notice } from './notice.js';
import { RoomReporter } from './room-reporter.js';
import type { SessionHost } from './session-controller.js';
import { Surroundings, type Theme } from './surroundings.js';
import type { Half } from './tabs.js';
import { talkView, TypingNames } from './talk.js';
import { Visit } from './visit.js';

/**
 * A room where people talk and draw together. Unsized it is 560 px high and fills its width.
 *
 * @attr server - origin of the backend; by default where the script came from
 * @attr site - the site's id
 * @attr room - the room's name
 * @attr token - a token, for pages that are rendered with one
 * @attr token-url - where the page's own server signs tokens
 * @attr name - a guest's display name; without it they are asked
 * @attr view - `both`, `chat` or `sketch`
 * @attr theme - `auto` (the page's `color-scheme`, then the system), `light` or `dark`
 * @attr lang - language of its words; by default the page's
 * @attr readonly - nothing can be written or drawn here, whatever the token allows
 *
 * @fires chalk-ready - the room is open and complete for the first time
 * @fires chalk-status - the connection's state changed
 * @fires chalk-error - something was refused or failed
 * @fires chalk-message - a message arrived
 * @fires chalk-before-send - before a message is sent; `preventDefault()` keeps it back
 * @fires chalk-unread - the number of unread messages changed
 * @fires chalk-presence - someone came or went
 * @fires chalk-sketch-change - the board changed
 *
 * @cssprop --chalk-accent - what can be pressed, and own messages
 * @cssprop --chalk-on-accent - text on the accent
 * @cssprop --chalk-danger - what failed
 * @cssprop --chalk-paper - behind the ink
 * @cssprop --chalk-surface - behind the talk
 * @cssprop --chalk-line - borders
 * @cssprop --chalk-muted - what matters less
 * @cssprop --chalk-text
 * @cssprop --chalk-font
 * @cssprop --chalk-radius-s - of buttons
 * @cssprop --chalk-radius-m - of menus
 * @cssprop --chalk-radius-l - of the element
 * @cssprop --chalk-shadow - under menus
 *
 * @csspart frame - all of it
 * @csspart header
 * @csspart title - the room's title
 * @csspart tabs
 * @csspart board
 * @csspart divider - between board and talk
 * @csspart talk
 * @csspart gate - what is shown before one is in: the form for a guest's name, or why one is not let in
 */
export abstract class ChalkTalk extends LitElement implements SessionHost {
  static override readonly styles = [controls, tokens, chalkTalkStyles];

  @property() server = '';
  @property() site = '';
  @property() room = '';
  @property() token = '';
  @property({ attribute: 'token-url' }) tokenUrl = '';
  /** Gives a token, and a fresh one each time it is asked. Goes before `token-url` and `token`. */
  @property({ attribute: false }) getToken: GetToken | undefined;
  @property() name = '';
  @property() view: View = 'both';
  @property() theme: Theme = 'auto';
  @property() override lang = '';
  @property({ type: Boolean, attribute: 'readonly' }) readOnly = false;

  /** The connections of the page, which elements share. */
  abstract readonly connections: Connections;
  /** Where the script came from. */
  protected abstract readonly home: string;

  @state() private _selected: Half = 'talk';
  @query('chalk-gate') private readonly _gate: HTMLElement | undefined;
  @query('chalk-chat') private readonly _chat: ChatPanel | undefined;
  private readonly _surroundings = new Surroundings(this);
  private readonly _languages = new Languages(() => this.requestUpdate());
  private readonly _layout = new Layout(this);
  private readonly _keyboard = new KeyboardSpace(this);
  private readonly _notice = new Notice(this);
  private readonly _announcer = new Announcer(() => this.renderRoot.querySelector('[role=status]'));
  private readonly _board = new BoardLoader(this, text => this._announcer.say(text));
  private readonly _typing = new TypingNames();
  private readonly _reporter = new RoomReporter(this, {
    arrived: messages => this._announcer.heard(messages, this._language),
    status: (status, before) => this._announcer.status(status, before, this._language),
  });
  private readonly _visit = new Visit(this, this._reporter);

  /** Shows the element again. */
  show(): void {
    this.hidden = false;
  }

  /** Hides the element; the session goes on. */
  hide(): void {
    this.hidden = true;
  }

  toggle(): void {
    this.hidden = !this.hidden;
  }

  /** Moves the focus to the composer, or to the board where that is in front. */
  override focus(options?: FocusOptions): void {
    if (this._visit.barrier) this._gate?.focus(options);
    else if (this._shown.includes('talk')) this._chat?.focus(options);
    else this._board.half?.focus(options);
  }

  /**
   * Posts a message.
   *
   * @returns its key, or undefined where a listener of `chalk-before-send` kept it back
   * @throws RefusedError where there is no room to post to, nothing may be written, or the text is empty or too long
   */
  send(text: string): string | undefined {
    const { session } = this._visit;
    if (!session) throw new RefusedError('not_joined');
    if (!this._canWrite) throw new RefusedError('role_forbidden');
    return this.dispatchEvent(new ChalkBeforeSendEvent(text)) ? session.send(text) : undefined;
  }

  /** The drawing, as a PNG or an SVG file. */
  async exportSketch(type: ExportType): Promise<Blob> {
    await this._board.load();
    if (!this._board.half) throw new Error('The board could not be loaded.');
    return await this._board.half.exportSketch(type);
  }

  sessionChanged(session: RoomSession, changed: ReadonlySet<Aspect>): void {
    if (this._visit.goAlone(session)) return;
    const { presence } = this._reporter;
    this._reporter.changed(session, changed);
    this._board.half?.update();
    const typing = changed.has('peers') && this._typing.changed(session.peers);
    const said = changed.has('status') || changed.has('messages') || changed.has('outbox');
    // Cursors and ink change peers many times a second; the rest of the element takes no part in it.
    if (said || typing || presence !== this._reporter.presence) this.requestUpdate();
  }

  commandRefused({ command, refusal }: Refused): void {
    this._reporter.error(refusal.code, refusal.message);
    // A message that was refused says so itself.
    if (command === 'message.post') return;
    const text = this._language.say(reasonWords(refusal.code) ?? 'notKept');
    this._notice.mishap(text);
    this._announcer.say(text);
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    if (root instanceof ShadowRoot) keepKeysInside(root);
    return root;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const wishes: readonly (keyof ChalkTalk)[] = ['server', 'site', 'room', 'token', 'tokenUrl', 'getToken', 'name'];
    if (!this.hasUpdated || wishes.some(wish => changed.has(wish))) this._visit.wish(this._wishes);
    if (this._visit.barrier) void loadGate();
    else if (this._shown.includes('board')) void this._board.load();
  }

  protected override render(): TemplateResult {
    const { _language: language, _visit: visit, _reporter: reporter } = this;
    const { dark, dir } = this._surroundings;
    const { session } = visit;
    const notice = visit.barrier ? undefined : this._notice.text(session, language);
    const title = session?.title || this.room;
    return html`<div
      class=${classMap({ frame: true, dark, [this._layout.arrangement]: true })}
      part="frame"
      dir=${dir}
      lang=${language.lang}
      style=${styleProperties({ 'padding-block-end': `${this._keyboard.covered}px` })}
    >
      <header part="header">
        <h1 part="title" dir="auto" title=${title}>${title}</h1>
        <chalk-people .presence=${reporter.presence} .language=${language}></chalk-people>
        ${notice ? html`<p class=${classMap({ notice: true, slow: notice.slow })}>${notice.text}</p>` : nothing}
      </header>
      ${visit.barrier ? gateView(this, visit, title, language) : this._halves(language, dir)}
      <div class="visually-hidden" role="status"></div>
    </div>`;
  }

  protected override updated(): void {
    const { dark } = this._surroundings;
    const compact = this._layout.arrangement === 'narrow';
    const { readOnly, _language: language } = this;
    this._board.half?.show(this._visit.session, { readOnly, dark, compact, language });
  }

  private get _wishes(): Wishes {
    const { site, room, token, tokenUrl, getToken, name } = this;
    return { server: this.server || this.home, site, room, token, tokenUrl, getToken, name };
  }

  private get _language(): Language {
    return this._languages.of(this._surroundings.lang);
  }

  private get _shown(): readonly Half[] {
    return shownHalves(this.view, this._layout.arrangement === 'wide', this._selected);
  }

  private get _canWrite(): boolean {
    const role = this._visit.session?.role;
    return !this.readOnly && (role === 'member' || role === 'moderator');
  }

  private _halves(language: Language, dir: 'ltr' | 'rtl'): TemplateResult {
    const { view, _layout: layout, _selected: selected, _board: board } = this;
    const { session } = this._visit;
    const { unread } = this._reporter;
    const talk = talkView(session, {
      language,
      canWrite: this._canWrite,
      typing: this._typing.names,
      send: text => this.send(text),
      read: seq => session && this._reporter.read(session, seq),
      failed: (code, message) => this._reporter.error(code, message),
    });
    const select = (half: Half): void => {
      this._selected = half;
    };
    return halvesView({ view, layout, language, dir, selected, unread, board, talk, select });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-talk': ChalkTalk;
  }
}
