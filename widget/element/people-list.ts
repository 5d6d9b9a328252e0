/** The list of who is here, loaded when it is first opened. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { people as english } from '../words/en/people.js';
import type { Language } from '../words/languages.js';
import { speaker } from '../words/words.js';
import { faceStyles, faceView } from '../look/face.js';
import { NOBODY, type Presence } from './people.js';
import { peopleListStyles } from './people-list.styles.js';

/** Everyone who is here, by name. */
export class PeopleList extends LitElement {
  static override readonly properties = {
    presence: { attribute: false },
    language: { attribute: false },
  };
  static override readonly styles = [faceStyles, peopleListStyles];

  presence: Presence = NOBODY;
  language: Language | undefined;

  protected override render(): TemplateResult {
    if (!this.language) return html``;
    const say = speaker(this.language.words.people ?? english, this.language.lang);
    const { people, count } = this.presence;
    return html`<h2>${say('people', { count })}</h2>
      <ul>
        ${people.map(({ person, role, self }) => {
          const name = person.name || say('someone');
          return html`<li>
            ${faceView(person)}
            <bdi>${self ? say('you', { name }) : name}</bdi>
            ${person.guest ? html`<small>${say('guest')}</small>` : nothing}
            ${role === 'member' ? nothing : html`<small>${say(role)}</small>`}
          </li>`;
        })}
      </ul>
      ${count > people.length ? html`<p>${say('more', { count: count - people.length })}</p>` : nothing}`;
  }
}

/** Registers `<chalk-people-list>`; harmless when done twice. */
export function definePeopleList(): void {
  if (!customElements.get('chalk-people-list')) customElements.define('chalk-people-list', PeopleList);
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-people-list': PeopleList;
  }
}
