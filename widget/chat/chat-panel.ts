import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Person } from '../../protocol/timeline/state.js';
import { base } from '../look/base.js';
import type { Language } from '../words/languages.js';
import { chatPanelStyles } from './chat-panel.styles.js';
import type { TalkHistory, TalkMessage } from './message.js';
import type { MessageList } from './message-list.js';

/**
 * The talk: messages, who is writing, and the composer. It knows no session: values come down as
 * properties, wishes go up as events that do not bubble.
 *
 * @fires chat-send - a message is to be sent; prevented, it stays in the composer
 * @fires chat-typing - the person is writing, or has stopped
 * @fires chat-older - older messages are wanted
 * @fires chat-retry - a failed message is to be sent again
 * @fires chat-discard - a failed message is to be forgotten
 * @fires chat-read - the person has read as far as `seq`
 */
export class ChatPanel extends LitElement {
  static override readonly properties = {
    messages: { attribute: false },
    history: { attribute: false },
    readOnArrival: { attribute: false },
    typing: { attribute: false },
    canWrite: { attribute: false },
    draftKey: { attribute: false },
    language: { attribute: false },
  };
  static override readonly styles = [base, chatPanelStyles];

  /** Oldest first; a new array whenever something changed. */
  messages: readonly TalkMessage[] = [];
  history: TalkHistory = { loaded: false, more: false, loading: false };
  /** How far the person had read when they came. */
  readOnArrival = 0;
  /** Who else is writing just now. */
  typing: readonly Person[] = [];
  canWrite = false;
  /** Under which name what is being written is kept over a reload: one for each room. */
  draftKey = '';
  language: Language | undefined;

  /** Moves the focus to the composer, or to the messages where nothing may be written. */
  override focus(options?: FocusOptions): void {
    const composer = this.renderRoot.querySelector('chalk-composer');
    if (composer) composer.focus(options);
    else this._list?.scroller?.focus(options);
  }

  protected override render(): TemplateResult {
    const { language } = this;
    if (!language) return html``;
    return html`<chalk-messages
        .messages=${this.messages}
        .history=${this.history}
        .readOnArrival=${this.readOnArrival}
        .canWrite=${this.canWrite}
        .language=${language}
        .teller=${this}
      ></chalk-messages>
      <div class="typing" aria-hidden="true">${this._whoWrites(language)}</div>
      ${
        this.canWrite
          ? html`<chalk-composer
              .draftKey=${this.draftKey}
              .language=${language}
              .teller=${this}
              @sent=${() => this._list?.answered()}
            ></chalk-composer>`
          : html`<p class="read-only">${this.history.loaded ? language.say('readOnly') : nothing}</p>`
      }`;
  }

  private get _list(): MessageList | null {
    return this.renderRoot.querySelector('chalk-messages');
  }

  private _whoWrites({ say }: Language): TemplateResult | typeof nothing {
    const [one, other, ...more] = this.typing.map(({ name }) => name || say('someone'));
    if (one === undefined) return nothing;
    const line =
      other === undefined
        ? say('typingOne', { name: one })
        : more.length === 0
          ? say('typingTwo', { name: one, other })
          : say('typingMany', { count: this.typing.length });
    return html`<span class="dots"><i></i><i></i><i></i></span><span class="who" dir="auto">${line}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-chat': ChatPanel;
  }
}
