import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { base } from '../look/base.js';
import { faceStyles } from '../look/face.js';
import { Dates } from './dates.js';
import { emptyView, olderView, skeleton, toEndView } from './list-views.js';
import { ChatDiscardEvent, ChatOlderEvent, ChatReadEvent, ChatRetryEvent } from './events.js';
import { type TalkHistory, type TalkMessage } from './message.js';
import { messageStyles } from './message.styles.js';
import { messageListStyles } from './message-list.styles.js';
import { dayView, type FailedAction, messageView, newView, type Voice } from './message-view.js';
import type { Language } from '../words/languages.js';
import { ReadingPlace } from './reading-place.js';
import { arrange, type Row } from './rows.js';
import { ScrollKeeper, type Scrolled } from './scroll-keeper.js';

/** How far above the view older messages are fetched already, in px. */
const AHEAD = '600px 0px 0px 0px';

/**
 * The messages of a room: groups, days, what is new; stays where the reader is.
 *
 * @fires chat-older - the reader comes near the oldest message
 * @fires chat-read - the newest message was seen
 * @fires chat-retry
 * @fires chat-discard
 */
export class MessageList extends LitElement implements Scrolled {
  static override readonly properties = {
    messages: { attribute: false },
    history: { attribute: false },
    readOnArrival: { attribute: false },
    canWrite: { attribute: false },
    language: { attribute: false },
    teller: { attribute: false },
    _away: { state: true },
  };
  static override readonly styles = [base, faceStyles, messageListStyles, messageStyles];

  messages: readonly TalkMessage[] = [];
  history: TalkHistory = { loaded: false, more: false, loading: false };
  readOnArrival = 0;
  canWrite = false;
  language: Language | undefined;
  /** On whom its events are told. */
  teller: EventTarget = this;

  private _away = false;
  private _oldest: string | undefined;
  private _olderFailed = false;
  private _place: ReadingPlace | undefined;
  private _rows: readonly Row[] = [];
  private _voice: Voice | undefined;
  private _endInView = false;
  private readonly _keeper = new ScrollKeeper(this, () => {
    this._away = !this._keeper.atEnd;
  });
  private _nearOldest: IntersectionObserver | undefined;
  private _atEnd: IntersectionObserver | undefined;

  get scroller(): HTMLElement | undefined {
    return this._find('.scroller');
  }

  get lines(): HTMLElement | undefined {
    return this._find('.lines');
  }

  /** Goes to the newest message, as after sending one. */
  answered(): void {
    // Who answers has read what there is.
    this._read();
    this._place?.answer();
    this._keeper.toEnd();
    this.requestUpdate('messages');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this._look);
    if (this.hasUpdated) this._observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this._look);
    this._nearOldest?.disconnect();
    this._atEnd?.disconnect();
    this._endInView = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('language') && this.language)
      this._voice = {
        language: this.language,
        say: this.language.say,
        dates: new Dates(this.language.lang),
      };
    if (!this.history.loaded) this._place = undefined;
    else if (!this._place) this._place = new ReadingPlace(this.readOnArrival, this.messages);
    else if (changed.has('messages') && !this._looking) this._place.missed(this.messages);
    this._rows = arrange(this.messages, this._place?.newAfter);
    // Loading that ended with the same oldest message failed: it is asked for again when the reader
    // wants it.
    const oldest = this.messages[0]?.key;
    if (oldest !== this._oldest) this._olderFailed = false;
    else if (changed.get('history')?.loading && !this.history.loading) this._olderFailed = this.history.more;
    this._oldest = oldest;
  }

  protected override render(): TemplateResult {
    const voice = this._voice;
    if (!voice) return html``;
    const { say } = voice;
    const { loaded, more, loading } = this.history;
    return html`<div
        class="scroller"
        tabindex="0"
        role="log"
        aria-live="off"
        aria-label=${say('messages')}
        aria-busy=${String(!loaded)}
        @scroll=${() => this._keeper.scrolled()}
      >
        <div class="older" ?hidden=${!more}>
          ${olderView(voice, loading, this._olderFailed ? this._askOlder : undefined)}
        </div>
        <div class="lines">
          ${repeat(
            this._rows,
            row => row.key,
            row => this._row(row, voice),
          )}
        </div>
        ${loaded ? nothing : skeleton(6)}
        <div class="end"></div>
        ${loaded && this._rows.length === 0 && !more ? emptyView(voice, this.canWrite) : nothing}
      </div>
      ${this._away ? toEndView(voice, this._place?.unseen(this.messages) ?? 0, this._toEnd) : nothing}`;
  }

  protected override firstUpdated(): void {
    this._observe();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const older = this._find('.older');
    if (older && this.history.more && !this.history.loading && !this._olderFailed) {
      // An observer tells of changes alone: asked anew it says whether the oldest line is still
      // near.
      this._nearOldest?.unobserve(older);
      this._nearOldest?.observe(older);
    }
    if (changed.has('messages') || changed.has('history')) this._look();
  }

  private _row(row: Row, voice: Voice): unknown {
    if (row.kind === 'day') return dayView(row.at, voice);
    if (row.kind === 'new') return newView(voice);
    const { message, first, last } = row;
    return guard([message.state, message.seq, message.person, message.text, message.at, first, last, voice], () =>
      messageView(row, voice, this._act),
    );
  }

  /** An observer tells a frame late that the talk is out of view: asked now, it knows at once. */
  private get _looking(): boolean {
    const isShown = this._find('.end')?.checkVisibility() ?? false;
    return this._endInView && isShown && document.visibilityState === 'visible';
  }

  private readonly _look = (): void => {
    if (this._looking && this._keeper.atEnd) this._read();
  };

  private _read(): void {
    const seq = this._place?.see(this.messages);
    if (seq !== undefined) this.teller.dispatchEvent(new ChatReadEvent(seq));
  }

  private readonly _toEnd = (): void => this._keeper.toEnd();

  private readonly _askOlder = (): void => {
    this.teller.dispatchEvent(new ChatOlderEvent());
  };

  private readonly _act = (action: FailedAction, { key }: TalkMessage): void => {
    this.teller.dispatchEvent(action === 'retry' ? new ChatRetryEvent(key) : new ChatDiscardEvent(key));
  };

  private _observe(): void {
    this._nearOldest = new IntersectionObserver(
      entries => {
        const mayAsk = this.history.more && !this.history.loading && !this._olderFailed;
        if (mayAsk && entries.at(-1)?.isIntersecting) this._askOlder();
      },
      { root: this.scroller ?? null, rootMargin: AHEAD },
    );
    // Against the screen, not the scroller: a talk below the fold or behind another tab is not
    // read.
    this._atEnd = new IntersectionObserver(entries => {
      this._endInView = entries.at(-1)?.isIntersecting ?? false;
      this._look();
    });
    const [older, end] = [this._find('.older'), this._find('.end')];
    if (older) this._nearOldest.observe(older);
    if (end) this._atEnd.observe(end);
  }

  private _find(selector: string): HTMLElement | undefined {
    return this.renderRoot.querySelector<HTMLElement>(selector) ?? undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-messages': MessageList;
  }
}
