import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { LIMITS } from '../../protocol/limits.js';
import { keep, recall } from '../keep.js';
import { base } from '../look/base.js';
import { icon } from '../look/icon.js';
import { arrowUp } from '../look/icons.js';
import type { Language } from '../words/languages.js';
import { composerStyles } from './composer.styles.js';
import { ChatSendEvent, ChatTypingEvent } from './events.js';

/** From here on the characters that are left are shown. */
const NEAR_LIMIT = LIMITS.messageText - 200;

/**
 * Where a message is written: Enter sends it, Shift and Enter begin a new line, and it grows to six
 * lines. What is not sent yet outlives a reload of the page.
 *
 * @fires chat-send - prevented, the text stays
 * @fires chat-typing
 * @fires sent - on itself: the text has gone out
 */
export class Composer extends LitElement {
  static override readonly properties = {
    draftKey: { attribute: false },
    language: { attribute: false },
    teller: { attribute: false },
    _text: { state: true },
  };
  static override readonly styles = [base, composerStyles];

  /** Under which name the draft is kept: one for each room. */
  draftKey = '';
  language: Language | undefined;
  /** On whom its events are told. */
  teller: EventTarget = this;

  private _text = '';
  private readonly _width = new ResizeObserver(() => this._grow());

  override connectedCallback(): void {
    super.connectedCallback();
    if (this._field) this._width.observe(this._field);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._width.disconnect();
  }

  override focus(options?: FocusOptions): void {
    this._field?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('draftKey')) this._text = recall('sessionStorage', this.draftKey) ?? '';
  }

  protected override render(): TemplateResult {
    if (!this.language) return html``;
    const { say } = this.language;
    const left = LIMITS.messageText - this._text.length;
    return html`<form @submit=${this._submit}>
      <textarea
        rows="1"
        dir=${this._text === '' ? nothing : 'auto'}
        enterkeyhint="send"
        aria-label=${say('write')}
        aria-describedby="left"
        placeholder=${say('write')}
        .value=${this._text}
        @input=${this._input}
        @keydown=${this._key}
        @blur=${() => this.teller.dispatchEvent(new ChatTypingEvent(false))}
      ></textarea>
      <button type="submit" class="send" aria-label=${say('send')} title=${say('send')} ?disabled=${!this._sendable}>
        ${icon(arrowUp, 18)}
      </button>
      <span id="left" class="left" ?data-over=${left < 0}>
        ${
          this._text.length < NEAR_LIMIT
            ? nothing
            : left < 0
              ? say('charactersOver', { count: -left })
              : say('charactersLeft', { count: left })
        }
      </span>
    </form>`;
  }

  protected override firstUpdated(): void {
    if (this._field) this._width.observe(this._field);
  }

  protected override updated(): void {
    this._grow();
  }

  private get _field(): HTMLTextAreaElement | null {
    // Before the first rendering there is no root.
    return this.hasUpdated ? this.renderRoot.querySelector('textarea') : null;
  }

  private get _sendable(): boolean {
    return this._text.trim() !== '' && this._text.length <= LIMITS.messageText;
  }

  private readonly _input = (): void => {
    this._write(this._field?.value ?? '');
    this.teller.dispatchEvent(new ChatTypingEvent(this._text.trim() !== ''));
  };

  private readonly _key = (event: KeyboardEvent): void => {
    // While a word is being composed Enter takes it; Safari says so by the old key code alone.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this._send();
  };

  private readonly _submit = (event: Event): void => {
    event.preventDefault();
    this._send();
    this.focus();
  };

  private _send(): void {
    if (!this._sendable || !this.teller.dispatchEvent(new ChatSendEvent(this._text.trim()))) return;
    this.dispatchEvent(new Event('sent'));
    this._write('');
    this.teller.dispatchEvent(new ChatTypingEvent(false));
  }

  private _write(text: string): void {
    this._text = text;
    keep('sessionStorage', this.draftKey, text);
  }

  /** As high as its text; the style sheet says where that ends. */
  private _grow(): void {
    const field = this._field;
    if (!field || field.clientWidth === 0) return;
    // While it is measured nothing around it may move: the talk would lose its place.
    this.style.blockSize = `${this.offsetHeight}px`;
    field.style.blockSize = 'auto';
    field.style.blockSize = `${field.scrollHeight}px`;
    this.style.blockSize = '';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-composer': Composer;
  }
}
