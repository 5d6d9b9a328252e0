import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../look/icon.js';
import { bubble, curve } from '../look/icons.js';
import type { Language } from '../words/languages.js';

/** The halves of a room. */
export type Half = 'talk' | 'board';

const HALVES: readonly Half[] = ['talk', 'board'];

/** More unread messages than this are not counted out in a badge. */
const COUNTED = 99;

export interface Tabs {
  readonly language: Language;
  readonly selected: Half;
  readonly unread: number;
  readonly select: (half: Half) => void;
}

/**
 * Talk or board, where there is no room for both: tabs as the ARIA practices have them, with arrow
 * keys that follow the direction.
 */
export function tabsView({ language: { say }, selected, unread, select }: Tabs): TemplateResult {
  const tab = (half: Half): TemplateResult => {
    const count = half === 'talk' ? unread : 0;
    return html`<button
      type="button"
      role="tab"
      id="tab-${half}"
      class="tab"
      aria-controls=${half}
      aria-selected=${String(selected === half)}
      aria-label=${count > 0 ? say('talkUnread', { count }) : say(half)}
      tabindex=${selected === half ? 0 : -1}
      @click=${() => select(half)}
    >
      ${icon(half === 'talk' ? bubble : curve, 18)}
      <span>${say(half)}</span>
      ${count > 0 ? html`<span class="badge">${count > COUNTED ? `${COUNTED}+` : count}</span>` : nothing}
    </button>`;
  };
  const move = (event: KeyboardEvent): void => {
    // With two of them every way leads to the other.
    const other = HALVES.find(half => half !== selected);
    const { currentTarget } = event;
    if (!/^Arrow(?:Left|Right)$|^Home$|^End$/.test(event.key) || !(currentTarget instanceof Element)) return;
    event.preventDefault();
    const half = event.key === 'Home' ? HALVES[0] : event.key === 'End' ? HALVES.at(-1) : other;
    if (!half) return;
    select(half);
    currentTarget.querySelector<HTMLElement>(`#tab-${half}`)?.focus();
  };
  return html`<div class="tabs" part="tabs" role="tablist" aria-label=${say('views')} @keydown=${move}>
    ${HALVES.map(tab)}
  </div>`;
}
