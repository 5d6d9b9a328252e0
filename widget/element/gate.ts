import { html, nothing, type TemplateResult } from 'lit';
import { LIMITS } from '../../protocol/limits.js';
import { icon } from '../look/icon.js';
import { alert, door, wave } from '../look/icons.js';
import type { Language } from '../words/languages.js';
import { type Obstacle, obstacleWords } from '../words/refusal-words.js';

/** A guest is asked for a name. */
export function nameForm({ say }: Language, room: string, join: (name: string) => void): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = event.target instanceof HTMLFormElement ? event.target.elements.namedItem('name') : null;
    const name = field instanceof HTMLInputElement ? field.value.trim() : '';
    if (name !== '') join(name);
  };
  return html`<form class="gate" part="gate" @submit=${submit}>
    <span class="medal">${icon(wave, 24)}</span>
    <h2>${say('welcome', { room })}</h2>
    <p id="ask">${say('welcomeText')}</p>
    <input
      name="name"
      required
      dir="auto"
      autocomplete="nickname"
      maxlength=${LIMITS.personName}
      placeholder=${say('name')}
      aria-label=${say('name')}
      aria-describedby="ask"
    />
    <button type="submit" class="button">${say('join')}</button>
  </form>`;
}

/** What stops a visitor at the door, in kind words, with what they can do. */
export function obstacleView({ say }: Language, obstacle: Obstacle, again: () => void): TemplateResult {
  const { title, text, way } = obstacleWords(obstacle);
  const closed = way === undefined && title !== 'setUpTitle';
  return html`<div class="gate" part="gate" role="alert">
    <span class="medal">${icon(closed ? door : alert, 24)}</span>
    <h2>${say(title)}</h2>
    <p>${say(text)}</p>
    ${
      way === undefined
        ? nothing
        : html`<button
            type="button"
            class="button"
            @click=${() => {
              if (way === 'reload') location.reload();
              else again();
            }}
          >
            ${say(way === 'reload' ? 'reload' : 'tryAgain')}
          </button>`
    }
  </div>`;
}

/** The board's program could not be loaded. */
export function boardFailed({ say }: Language, again: () => void): TemplateResult {
  return html`<div class="gate" role="alert">
    <span class="medal">${icon(alert, 24)}</span>
    <h2>${say('boardFailedTitle')}</h2>
    <p>${say('boardFailedText')}</p>
    <button type="button" class="button" @click=${again}>${say('tryAgain')}</button>
  </div>`;
}
