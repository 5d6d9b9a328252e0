import { html, nothing, type TemplateResult } from 'lit';
import { styleProperties } from '../look/style-properties.js';
import type { NoticeText } from './notice.js';
import type { Presence } from './people.js';
import type { Scene } from './scene.js';

/** What stands around the halves of a room. */
export interface Frame {
  readonly scene: Scene;
  /** The room, as people read it. */
  readonly title: string;
  readonly presence: Presence;
  readonly notice: NoticeText | undefined;
  /** Whether a newer script would show more. */
  readonly newer: boolean;
  /** The halves, or the door before them. */
  readonly content: TemplateResult;
}

/** A room with its head. */
export function frameView({ scene, title, presence, notice, newer, content }: Frame): TemplateResult {
  const { layout, language, dark, dir, covered } = scene;
  return html`<div
    class="frame ${layout.arrangement} ${dark ? 'dark' : ''}"
    part="frame"
    dir=${dir}
    lang=${language.lang}
    style=${styleProperties({ 'padding-block-end': `${covered}px` })}
  >
    <header part="header">
      <h2 part="title" dir="auto" title=${title}>${title}</h2>
      <chalk-people .presence=${presence} .language=${language}></chalk-people>
      ${notice ? html`<p class="notice ${notice.slow ? 'slow' : ''}">${notice.text}</p>` : nothing}
    </header>
    ${newer ? html`<p class="newer">${language.say('newer')}</p>` : nothing} ${content}
    <div class="visually-hidden" role="status"></div>
  </div>`;
}
