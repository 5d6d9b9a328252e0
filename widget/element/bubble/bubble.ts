/**
 * The bubble, loaded when a page wants one: a round button in a corner of the window, and the panel
 * that it opens.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../../look/base.js';
import { icon } from '../../look/icon.js';
import { bubble as speech, curve } from '../../look/icons.js';
import { bubble as english, type BubbleKey } from '../../words/en/bubble.js';
import { type Say, speaker } from '../../words/words.js';
import { chevronDown, cross } from './bubble-icons.js';
import { bubbleStyles } from './bubble.styles.js';
import type { BubbleSetting } from './bubble-setting.js';
import { PanelDialog } from './panel-dialog.js';

/** More unread messages than this are not counted out in the badge. */
const COUNTED = 99;

/** What the words are about, by the element's `view`. */
const ABOUT = { both: '', chat: 'Talk', sketch: 'Board' } as const;

/**
 * Holds the room that is its content: without a setting as if it were not there, else in a panel
 * behind a button.
 *
 * @fires chalk-open - the panel was opened
 * @fires chalk-close - the panel was closed
 */
export class Bubble extends LitElement {
  static override readonly properties = { setting: { attribute: false } };
  static override readonly styles = [base, bubbleStyles];

  setting: BubbleSetting | undefined;

  constructor() {
    super();
    new PanelDialog(this);
  }

  /** Moves the focus to the button. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('.round')?.focus(options);
  }

  protected override render(): TemplateResult {
    const { setting } = this;
    if (!setting) return html`<slot></slot>`;
    const { open, unread, corner, view, title, turn } = setting;
    const { language, dir, dark } = setting.scene;
    const say = speaker(language.words.bubble ?? english, language.lang);
    const about = ABOUT[view];
    const name = nameOf(say, setting);
    return html`<div
      class="corner ${dark ? 'dark' : ''}"
      data-corner=${corner}
      dir=${dir}
      lang=${language.lang}
      @keydown=${this._key}
    >
      <dialog
        part="panel"
        tabindex="-1"
        aria-label=${title || say(`panel${about}`)}
        @cancel=${this._cancel}
        @close=${this._closed}
      >
        <div class="room">
          <button
            type="button"
            part="close"
            class="close"
            aria-label=${say(`close${about}`)}
            title=${say(`close${about}`)}
            @click=${() => turn(false)}
          >
            ${icon(cross, 20)}
          </button>
          <slot></slot>
        </div>
      </dialog>
      <button
        type="button"
        part="button"
        class="round"
        aria-label=${name}
        title=${name}
        aria-haspopup="dialog"
        @click=${() => turn(!open)}
      >
        ${icon(open ? chevronDown : view === 'sketch' ? curve : speech, 26)}
        ${unread > 0 && !open ? html`<span part="badge" class="badge">${counted(unread, language.lang)}</span>` : nothing}
      </button>
      <span class="visually-hidden" role="status">${unread > 0 && !open ? say('came') : nothing}</span>
    </div>`;
  }

  private readonly _key = (event: KeyboardEvent): void => {
    // What something inside has used, or a word that is being composed, is not meant for the panel.
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || !this.setting?.open) return;
    // It closes the panel, not the page's dialog around us.
    event.preventDefault();
    event.stopPropagation();
    this.setting.turn(false);
  };

  /** A phone's own way back. */
  private readonly _cancel = (event: Event): void => {
    event.preventDefault();
    this.setting?.turn(false);
  };

  /**
   * Browsers close a dialog where they are asked twice, and where it is made another kind of
   * dialog: that one is open again.
   */
  private readonly _closed = ({ currentTarget: dialog }: Event): void => {
    if (dialog instanceof HTMLDialogElement && !dialog.open && this.setting?.open) this.setting.turn(false);
  };
}

function nameOf(say: Say<BubbleKey>, { open, unread, view }: BubbleSetting): string {
  const name = say(`${open ? 'close' : 'open'}${ABOUT[view]}`);
  return unread > 0 && !open ? say('withUnread', { name, count: unread }) : name;
}

function counted(count: number, lang: string): string {
  const text = new Intl.NumberFormat(lang).format(Math.min(count, COUNTED));
  return count > COUNTED ? `${text}+` : text;
}

/** Registers `<chalk-bubble>`; harmless when done twice. */
export function defineBubble(): void {
  if (!customElements.get('chalk-bubble')) customElements.define('chalk-bubble', Bubble);
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-bubble': Bubble;
  }
}
