import { LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../look/base.js';
import { tokens } from '../look/tokens.js';
import { type Connections, RefusedError } from '../session/index.js';
import type { ExportType } from '../sketch/index.js';
import type { BubbleSetting, Corner } from './bubble/bubble-setting.js';
import { bubbleView, loadBubble } from './bubble/bubble-view.js';
import { chalkTalkStyles } from './chalk-talk.styles.js';
import { loadAndDiagnose } from './diagnosis/load.js';
import type { Diagnosis } from './diagnosis/report.js';
import type { GetToken, Wishes } from './entrance.js';
import { ChalkBeforeSendEvent } from './events.js';
import { frameView } from './frame.js';
import { gateView, loadGate } from './gate-view.js';
import { halvesView, shownHalves, type View } from './halves.js';
import { keepKeysInside } from './keyboard.js';
import { NOBODY } from './people.js';
import { RoomWatch } from './room-watch.js';
import { Scene } from './scene.js';
import type { SessionHost } from './session-controller.js';
import type { Theme } from './surroundings.js';
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
 * @attr mode - `inline`, or `bubble`: a round button in a corner of the window that opens a panel
 *   with the room
 * @attr open - in a bubble: whether its panel is open
 * @attr corner - in a bubble: `bottom-end`, `bottom-start`, `top-end` or `top-start`, by the
 *   writing direction
 * @attr preconnect - a bubble connects before it is first opened, so that it counts unread messages
 *   from the beginning
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
 * @fires chalk-open - the panel of a bubble was opened
 * @fires chalk-close - the panel of a bubble was closed
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
 * @cssprop --chalk-shadow - under menus, a bubble and its panel
 * @cssprop --chalk-bubble-offset - from a bubble to the edges of the window; 20 px
 * @cssprop --chalk-bubble-offset-block - the same, to the upper or lower edge
 * @cssprop --chalk-bubble-offset-inline - the same, to the edge at the side
 * @cssprop --chalk-bubble-z-index - how far above the page's other content a bubble lies; 10000
 *
 * @csspart frame - all of it
 * @csspart header
 * @csspart title - the room's title
 * @csspart tabs
 * @csspart board
 * @csspart divider - between board and talk
 * @csspart talk
 * @csspart button - of a bubble
 * @csspart badge - of a bubble: the number of unread messages
 * @csspart panel - of a bubble
 * @csspart close - of a bubble: the button that closes its panel, in the header
 * @csspart gate - what is shown before one is in: the form for a guest's name, or why one is not
 *   let in
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
    mode: { reflect: true, useDefault: true },
    open: { type: Boolean, reflect: true },
    corner: {},
    preconnect: { type: Boolean },
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
  mode: 'inline' | 'bubble' = 'inline';
  open = false;
  corner: Corner = 'bottom-end';
  preconnect = false;
  view: View = 'both';
  theme: Theme = 'auto';
  override lang = '';
  readOnly = false;

  /** The connections of the page, which elements share. */
  abstract readonly connections: Connections;
  /** Where the script came from. */
  protected abstract readonly home: string;

  private _selected: Half = 'talk';
  /** Whether the room was ever to be shown: until then a bubble is a button and nothing else. */
  private _wanted = false;
  private readonly _scene = new Scene(this);
  private readonly _watch = new RoomWatch(this, () => this._scene.language);
  private readonly _visit = new Visit(this, this._watch);

  /** Shows the element again; opens the panel of a bubble. */
  show(): void {
    this.toggle(true);
  }

  /** Hides the element, or closes the panel of a bubble; the session goes on. */
  hide(): void {
    this.toggle(false);
  }

  /** @param shown how it is to be; by default what it is not */
  toggle(shown = this._isBubble ? !this.open : Boolean(this.hidden)): void {
    if (this._isBubble) this.open = shown;
    else this.hidden = !shown;
  }

  /**
   * Moves the focus to the composer, or to the board where that is in front; to the button of a
   * closed bubble.
   */
  override focus(options?: FocusOptions): void {
    const closed = this._isBubble && !this.open;
    const inside = closed
      ? 'chalk-bubble'
      : this._visit.barrier
        ? 'chalk-gate'
        : this._shown.includes('talk')
          ? 'chalk-chat'
          : 'chalk-sketch';
    this.renderRoot.querySelector<HTMLElement>(inside)?.focus(options);
  }

  /**
   * Posts a message.
   *
   * @returns its key, or undefined where a listener of `chalk-before-send` kept it back
   * @throws RefusedError where there is no room to post to, nothing may be written, or the text is
   *   empty or too long
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

  /** Looks for what keeps the element from working, and says what to do. */
  diagnose(): Promise<Diagnosis> {
    return loadAndDiagnose({ wishes: this._wishes, language: this._scene.language });
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    if (root instanceof ShadowRoot) keepKeysInside(root);
    return root;
  }

  protected override willUpdate(): void {
    if (this._isBubble) void loadBubble();
    if (!this._wanted && (!this._isBubble || this.open)) {
      this._wanted = true;
      void this._scene.makeRoomForKeyboard();
    }
    if (this._wanted || this.preconnect) this._visit.wish(this._wishes);
    if (!this._wanted) return;
    if (this._visit.barrier) void loadGate();
    else if (this._shown.includes('board')) void this._watch.board.load();
  }

  protected override render(): TemplateResult {
    return bubbleView(this._isBubble ? this._bubble : undefined, this._wanted ? this._frame() : nothing);
  }

  protected override updated(): void {
    const { readOnly } = this;
    const { dark, language, layout } = this._scene;
    const compact = layout.arrangement === 'narrow';
    this._watch.board.half?.show(this._visit.session, { readOnly, dark, compact, language });
  }

  private get _isBubble(): boolean {
    return this.mode === 'bubble';
  }

  private get _bubble(): BubbleSetting {
    const { open, corner, view, _title: title, _scene: scene, _visit: visit } = this;
    const { unread } = this._watch.reporter;
    return {
      ...{ open, corner, view, title, unread, scene },
      turn: is => (this.open = is),
      focus: visit.barrier || visit.session?.role ? () => this.focus() : undefined,
    };
  }

  private get _title(): string {
    return this._visit.session?.title || this.room;
  }

  private get _wishes(): Wishes {
    const { site, room, token, tokenUrl, getToken, name } = this;
    return { server: this.server || this.home, site, room, token, tokenUrl, getToken, name };
  }

  private get _shown(): readonly Half[] {
    return shownHalves(this.view, this._scene.layout.arrangement === 'wide', this._selected);
  }

  private get _canWrite(): boolean {
    const role = this._visit.session?.role;
    return !this.readOnly && (role === 'member' || role === 'moderator');
  }

  private _frame(): TemplateResult {
    const { _scene: scene, _visit: visit, _watch: watch, _title: title } = this;
    const { barrier, session } = visit;
    return frameView({
      ...{ scene, title },
      // Who was in a room that is closed to one is nobody one sees.
      presence: barrier ? NOBODY : watch.reporter.presence,
      notice: barrier ? undefined : watch.notice.text(session, scene.language),
      newer: !barrier && watch.newer,
      content: barrier ? gateView(this, visit, title, scene.language) : this._halves(),
    });
  }

  private _halves(): TemplateResult {
    const { view, _scene: scene, _selected: selected, _watch: watch } = this;
    const { session } = this._visit;
    const { board, reporter, typing } = watch;
    const talk = talkView(session, {
      language: scene.language,
      canWrite: this._canWrite,
      typing,
      send: text => this.send(text),
      read: seq => session && watch.read(session, seq),
      refused: refusal => watch.draftRefused(refusal),
      failed: ({ code, message }) => watch.reporter.error(code, message),
    });
    const select = (half: Half): void => {
      this._selected = half;
    };
    return halvesView({ view, scene, selected, unread: reporter.unread, board, talk, select });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-talk': ChalkTalk;
  }
}
