import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../look/base.js';
import { faceStyles, faceView } from '../look/face.js';
import type { Language } from '../words/languages.js';
import { NOBODY, type Presence } from './people.js';
import { peopleMenuStyles } from './people-menu.styles.js';

/** Faces in the head of the element. */
const FACES = 4;

/** Who is here: a few faces in a stack, and behind them the list of names. */
export class PeopleMenu extends LitElement {
  static override readonly properties = {
    presence: { attribute: false },
    language: { attribute: false },
    _open: { state: true },
  };
  static override readonly styles = [base, faceStyles, peopleMenuStyles];

  presence: Presence = NOBODY;
  language: Language | undefined;
  private _open = false;

  protected override render(): TemplateResult {
    const { people, count } = this.presence;
    if (!this.language || count === 0) return html``;
    const label = this.language.say('people', { count });
    return html`<div @focusout=${this._left} @keydown=${this._key}>
      <button
        type="button"
        title=${label}
        aria-label=${label}
        aria-expanded=${String(this._open)}
        @click=${this._toggle}
      >
        ${people.slice(0, FACES).map(({ person }) => faceView(person))}
        ${count > FACES ? html`<span class="face more">+${count - FACES}</span>` : nothing}
      </button>
      ${
        this._open
          ? html`<chalk-people-list
              tabindex="-1"
              .presence=${this.presence}
              .language=${this.language}
            ></chalk-people-list>`
          : nothing
      }
    </div>`;
  }

  private readonly _toggle = async (): Promise<void> => {
    try {
      const { definePeopleList } = await import('./people-list.js');
      definePeopleList();
      this._open = !this._open;
    } catch {
      // Out of reach just now: the next press tries again.
    }
  };

  private readonly _left = ({ currentTarget: menu, relatedTarget: to }: FocusEvent): void => {
    if (!(menu instanceof Node && to instanceof Node && menu.contains(to))) this._open = false;
  };

  private readonly _key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this._open) return;
    // It closes the list, not the page's dialog around us.
    event.preventDefault();
    event.stopPropagation();
    this._open = false;
    this.renderRoot.querySelector('button')?.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-people': PeopleMenu;
  }
}
