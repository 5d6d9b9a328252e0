import { html, nothing, type TemplateResult } from 'lit';
import { styleProperties } from '../look/style-properties.js';
import { faceView } from '../look/face.js';
import { personTextColor } from '../look/person-color.js';
import { loadRefused } from '../refused/load.js';
import type { Language } from '../words/languages.js';
import type { MainKey } from '../words/en/main.js';
import type { Say } from '../words/words.js';
import type { Dates } from './dates.js';
import { pieces } from './links.js';
import type { TalkMessage } from './message.js';
import type { Row } from './rows.js';

/** What the lines of the talk are shown with. */
export interface Voice {
  readonly language: Language;
  readonly say: Say<MainKey>;
  readonly dates: Dates;
}

/** What can be done with a failed message. */
export type FailedAction = 'retry' | 'discard';

export function dayView(at: number, { dates }: Voice): TemplateResult {
  return html`<div class="day"><span>${dates.day(at)}</span></div>`;
}

export function newView({ say }: Voice): TemplateResult {
  return html`<div class="new"><span>${say('newMessages')}</span></div>`;
}

/** One message; the first of a group shows whose it is. */
export function messageView(
  { message, first, last }: Extract<Row, { kind: 'message' }>,
  voice: Voice,
  act: (action: FailedAction, message: TalkMessage) => void,
): TemplateResult {
  const { say, dates } = voice;
  const { own, person, state, at } = message;
  const name = person.name || say('someone');
  const time = dates.time(at);
  return html`<div class="message ${state} ${first ? 'first' : ''} ${last ? 'last' : ''} ${own ? 'own' : ''}">
    ${first && !own ? faceView(person) : nothing}
    ${first ? head(message, name, voice) : html`<span class="visually-hidden">${say('saidAt', { name, time })}</span>`}
    <div class="bubble" title=${dates.full(at)}><span dir="auto">${said(message.text)}</span></div>
    ${state === 'pending' ? html`<span class="visually-hidden">${say('sending')}</span>` : nothing}
    ${state === 'failed' ? failed(message, voice, act) : nothing}
  </div>`;
}

function head({ own, person, at }: TalkMessage, name: string, { say, dates }: Voice): TemplateResult {
  const guest = person.guest ? html`<span class="tag">${say('guest')}</span>` : nothing;
  return html`<div class="head">
    <bdi class=${own ? 'visually-hidden' : 'name'} style=${styleProperties({ color: personTextColor(person.id) })}
      >${name}</bdi
    >
    ${own ? nothing : guest}
    <time>${dates.time(at)}</time>
  </div>`;
}

function said(text: string): (string | TemplateResult)[] {
  return pieces(text).map(piece =>
    typeof piece === 'string'
      ? piece
      : html`<a href=${piece.href} target="_blank" rel="noopener noreferrer nofollow ugc" dir="ltr">${piece.href}</a>`,
  );
}

function failed(
  message: TalkMessage,
  { language }: Voice,
  act: (action: FailedAction, message: TalkMessage) => void,
): TemplateResult {
  void loadRefused();
  return html`<chalk-failure
    .message=${message}
    .language=${language}
    @again=${() => act('retry', message)}
    @discard=${() => act('discard', message)}
  ></chalk-failure>`;
}
