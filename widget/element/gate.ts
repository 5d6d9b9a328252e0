/**
 * The door of a room, loaded when someone stands before it: who they are, or why they can't come
 * in.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { LIMITS } from '../../protocol/limits.js';
import { base } from '../look/base.js';
import { icon, strokes } from '../look/icon.js';
import { gate as english, type GateKey } from '../words/en/gate.js';
import type { Language } from '../words/languages.js';
import { speaker, type Say } from '../words/words.js';
import { gateStyles } from './gate.styles.js';
import { obstacleWords } from './obstacles.js';
import type { Barrier } from './visit.js';

/*
 * The strokes of the icons at the door, from Lucide (https://lucide.dev). ISC License. Copyright
 * (c) for portions of Lucide are held by Cole Bemis 2013-2022 as part of Feather (MIT). All other
 * copyright (c) for Lucide are held by Lucide Contributors 2022.
 */

const alert = strokes`<circle cx="12" cy="12" r="10" /><path d="M12 8v4" /><path d="M12 16h.01" />`;

/** A closed door: not let in. */
const door = strokes`<path d="M19 21V5a2 2 0 0 0-2-2H7a2 2 0 0 0-2 2v16" /><path d="M2 21h20" /><path d="M9 12h.01" />`;

/** A hand that waves: welcome. */
const wave = strokes`<path d="M18 11V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2" /><path d="M14 10V4a2 2 0 0 0-2-2a2 2 0 0 0-2 2v2" /><path d="M10 10.5V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2v8" /><path d="M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15" />`;

/**
 * Asks a guest for a name, or says in kind words what stops a visitor and what they can do.
 *
 * @fires gate-join - a guest has said their name: GateJoinEvent
 * @fires gate-again - the visitor tries once more
 */
export class Gate extends LitElement {
  static override readonly properties = {
    barrier: { attribute: false },
    room: { attribute: false },
    language: { attribute: false },
  };
  static override readonly styles = [base, gateStyles];

  barrier: Barrier | undefined;
  /** The room, as people read it. */
  room = '';
  language: Language | undefined;

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('input, button')?.focus(options);
  }

  protected override render(): TemplateResult {
    if (!this.language || !this.barrier) return html``;
    const say = speaker(this.language.words.gate ?? english, this.language.lang);
    return this.barrier.kind === 'ask-name' ? this._form(say) : this._obstacle(say, this.barrier);
  }

  private _form(say: Say<GateKey>): TemplateResult {
    return html`<form class="gate" @submit=${this._submit}>
      <span class="medal">${icon(wave, 24)}</span>
      <h2>${say('welcome', { room: this.room })}</h2>
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
      <button type="submit">${say('join')}</button>
    </form>`;
  }

  private _obstacle(say: Say<GateKey>, { obstacle }: Extract<Barrier, { kind: 'obstacle' }>): TemplateResult {
    const { title, text, way } = obstacleWords(obstacle);
    const mayMend = way !== undefined || title === 'setUpTitle';
    const act = (): void => {
      if (way === 'reload') location.reload();
      else this.dispatchEvent(new Event('gate-again'));
    };
    return html`<div class="gate" role="alert">
      <span class="medal">${icon(mayMend ? alert : door, 24)}</span>
      <h2>${say(title)}</h2>
      <p>${say(text)}</p>
      ${
        way === undefined
          ? nothing
          : html`<button type="button" @click=${act}>${say(way === 'reload' ? 'reload' : 'tryAgain')}</button>`
      }
    </div>`;
  }

  private readonly _submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = this.renderRoot.querySelector('input')?.value.trim() ?? '';
    if (name !== '') this.dispatchEvent(new GateJoinEvent(name));
  };
}

/** A guest has said their name. */
export class GateJoinEvent extends Event {
  constructor(readonly name: string) {
    super('gate-join');
  }
}

/** Registers `<chalk-gate>`; harmless when done twice. */
export function defineGate(): void {
  if (!customElements.get('chalk-gate')) customElements.define('chalk-gate', Gate);
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-gate': Gate;
  }
}
