import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';
import { controls } from '../look/controls.js';
import { initials, personColor } from '../look/person-color.js';
import type { Language } from '../words/languages.js';
import { NOBODY, type PersonHere, type Presence } from './people.js';
import { peopleMenuStyles } from './people-menu.styles.js';

/** Faces in the head of the element. */
const FACES = 4;

/** Who is here: a few faces in a stack, and behind them the list of names. */
export class PeopleMenu extends LitElement {
  static override readonly styles = [controls, peopleMenuStyles];

  @property({ attribute: false }) presence: Presence = NOBODY;
  @property({ attribute: false }) words: Language | undefined;
  @state() private _open = false;

  protected override render(): TemplateResult {
    const { people, count } = this.presence;
    if (!this.words || count === 0) return html``;
    const { say } = this.words;
    const label = say('people', { count });
    return html`<div class="menu" @focusout=${this._left} @keydown=${this._key}>
      <button
        type="button"
        class="faces"
        title=${label}
        aria-label=${label}
        aria-expanded=${String(this._open)}
        @click=${() => {
          this._open = !this._open;
        }}
      >
        ${people.slice(0, FACES).map(face)}
        ${count > FACES ? html`<span class="more">+${count - FACES}</span>` : nothing}
      </button>
      ${this._open ? this._list(this.words) : nothing}
    </div>`;
  }

  private _list({ say }: Language): TemplateResult {
    const { people, count } = this.presence;
    return html`<div class="list" tabindex="-1">
      <h2>${say('people', { count })}</h2>
      <ul>
        ${people.map(one => {
          const { person, role, self } = one;
          const name = person.name || say('someone');
          return html`<li>
            ${face(one)}
            <bdi>${self ? say('you', { name }) : name}</bdi>
            ${person.guest ? html`<small>${say('guest')}</small>` : nothing}
            ${role === 'member' ? nothing : html`<small>${say(role)}</small>`}
          </li>`;
        })}
      </ul>
      ${count > people.length ? html`<p>${say('peopleMore', { count: count - people.length })}</p>` : nothing}
    </div>`;
  }

  private readonly _left = (event: FocusEvent): void => {
    const { currentTarget, relatedTarget } = event;
    const inside =
      currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
    if (!inside) this._open = false;
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

function face({ person }: PersonHere): TemplateResult {
  return html`<span class="face" aria-hidden="true" style=${styleMap({ background: personColor(person.id) })}
    >${initials(person.name)}</span
  >`;
}
