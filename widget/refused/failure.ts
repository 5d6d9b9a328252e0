import { html, LitElement, type TemplateResult } from 'lit';
import type { Refusal } from '../../protocol/errors.js';
import { base } from '../look/base.js';
import { type RefusedKey, refused as english } from '../words/en/refused.js';
import type { Language } from '../words/languages.js';
import { speaker } from '../words/words.js';
import { failureStyles } from './failure.styles.js';
import { sayReason } from './reasons.js';

/** What the element needs to know of a message that was not sent. */
export interface FailedText {
  readonly text: string;
  readonly refusal?: Refusal;
}

/**
 * Says under a message that was not sent, as its next sibling, why, and what can be done with it.
 *
 * @fires again - it is to be sent again
 * @fires discard - it is to be forgotten
 */
export class Failure extends LitElement {
  static override readonly properties = {
    message: { attribute: false },
    language: { attribute: false },
    _copied: { state: true },
  };
  static override readonly styles = [base, failureStyles];

  message: FailedText | undefined;
  language: Language | undefined;

  private _copied: 'copied' | 'selected' | undefined;

  protected override render(): TemplateResult {
    const { message, language, _copied: copied } = this;
    if (!message || !language) return html``;
    const say = speaker(language.words.refused ?? english, language.lang);
    const button = (key: RefusedKey, name: string, act: () => unknown): TemplateResult =>
      html`<button type="button" data-action=${name} @click=${act}>${say(key)}</button>`;
    const code = message.refusal?.code;
    return html`<span class="why">${code ? sayReason('talk', code, language) : say('notSent')}</span>
      <span class="ways">
        ${button('sendAgain', 'again', () => this._tell('again'))}
        ${button(copied ?? 'copy', 'copy', () => this._copy(message.text))}
        ${button('discard', 'discard', () => this._tell('discard'))}
      </span>`;
  }

  private _tell(wish: 'again' | 'discard'): void {
    this.dispatchEvent(new Event(wish));
  }

  private async _copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this._copied = 'copied';
    } catch {
      // The page may forbid it; what is selected can be copied by hand.
      const shown = this.previousElementSibling;
      if (!shown) return;
      getSelection()?.selectAllChildren(shown);
      this._copied = 'selected';
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-failure': Failure;
  }
}
