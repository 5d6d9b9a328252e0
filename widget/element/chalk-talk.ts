import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { base } from '../look/base.js';
import { styleProperties } from '../look/style-properties.js';
import { tokens } from '../look/tokens.js';
import { type Connections, RefusedError } from '../session/index.js';
import type { ExportType } from '../sketch/index.js';
import { type Language, Languages } from '../words/languages.js';
import { chalkTalkStyles } from './chalk-talk.styles.js';
import type { GetToken, Wishes } from './entrance.js';
import { ChalkBeforeSendEvent } from './events.js';
import { gateView, loadGate } from './gate-view.js';
import { halvesView, shownHalves, type View } from './halves.js';
import { keepKeysInside } from './key-boundary.js';
import type { KeyboardSpace } from './keyboard-space.js';
import { mindKeyboard } from './mind-keyboard.js';
import { Layout } from './layout.js';
import { RoomWatch } from './room-watch.js';
import type { SessionHost } from './session-controller.js';
import { Surroundings, type Theme } from './surroundings.js';
import type { Half } from './tabs.js';
import { talkView } from './talk.js';
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
  static override readonly properties = {
    server: {},
    site: {},
    room: {},
    token: {},
    tokenUrl: { attribute: 'token-url' },
    getToken: { attribute: false },
    name: {},
    view: {},
    theme: {},
    lang: {},
    readOnly: { type: Boolean, attribute: 'readonly' },
    _selected: { state: true },
  };
  static override readonly styles = [base, tokens, chalkTalkStyles];

  server = '';
  site = '';
  room = '';
  token = '';
  tokenUrl = '';
  /** Gives a token, and a fresh one each time it is asked. Goes before `token-url` and `token`. */
  getToken: GetToken | undefined;
  name = '';
  view: View = 'both';
  theme: Theme = 'auto';
  override lang = '';
  readOnly = false;

  /** The connections of the page, which elements share. */
  abstract readonly connections: Connections;
  /** Where the script came from. */
  protected abstract readonly home: string;

  private _selected: Half = 'talk';
  private readonly _surroundings = new Surroundings(this);
  private readonly _languages = new Languages(() => this.requestUpdate());
  private readonly _layout = new Layout(this);
  private _keyboard: KeyboardSpace | undefined;
  private readonly _watch = new RoomWatch(this, () => this._language);
  private readonly _visit = new Visit(this, this._watch);

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
    const inside = this._visit.barrier ? 'chalk-gate' : this._shown.includes('talk') ? 'chalk-chat' : 'chalk-sketch';
    this.renderRoot.querySelector<HTMLElement>(inside)?.focus(options);
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
    const { board } = this._watch;
    await board.load();
    if (!board.half) throw new Error('The board could not be loaded.');
    return await board.half.exportSketch(type);
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
    else if (this._shown.includes('board')) void this._watch.board.load();
  }

  protected override render(): TemplateResult {
    const { _language: language, _visit: visit, _watch: watch } = this;
    const { dark, dir } = this._surroundings;
    const { session } = visit;
    const notice = visit.barrier ? undefined : watch.notice.text(session, language);
    const title = session?.title || this.room;
    return html`<div
      class="frame ${this._layout.arrangement} ${dark ? 'dark' : ''}"
      part="frame"
      dir=${dir}
      lang=${language.lang}
      style=${styleProperties({ 'padding-block-end': `${this._keyboard?.covered ?? 0}px` })}
    >
      <header part="header">
        <h2 part="title" dir="auto" title=${title}>${title}</h2>
        <chalk-people .presence=${watch.reporter.presence} .language=${language}></chalk-people>
        ${notice ? html`<p class="notice ${notice.slow ? 'slow' : ''}">${notice.text}</p>` : nothing}
      </header>
      ${visit.barrier ? gateView(this, visit, title, language) : this._halves(language, dir)}
      <div class="visually-hidden" role="status"></div>
    </div>`;
  }

  protected override firstUpdated(): void {
    void mindKeyboard(this).then(space => (this._keyboard = space));
  }

  protected override updated(): void {
    const { dark } = this._surroundings;
    const compact = this._layout.arrangement === 'narrow';
    const { readOnly, _language: language } = this;
    this._watch.board.half?.show(this._visit.session, { readOnly, dark, compact, language });
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
    const { view, _layout: layout, _selected: selected } = this;
    const { session } = this._visit;
    const { board, reporter, typing } = this._watch;
    const { unread } = reporter;
    const talk = talkView(session, {
      language,
      canWrite: this._canWrite,
      typing,
      send: text => this.send(text),
      read: seq => session && this._watch.read(session, seq),
      failed: (code, message) => reporter.error(code, message),
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
