import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../look/icon.js';
import type { SketchKey } from '../words/en/sketch.js';
import type { Say } from '../words/words.js';
import { pencil } from './icons.js';

/** Some handwriting, for the skeleton. */
const SCRIBBLE =
  'M4 60c14-34 26-50 32-44 8 8-22 48-12 50 12 2 26-46 38-44 10 2-16 40-6 42 12 2 24-30 34-28 9 2-10 24 0 26 14 3 26-20 46-22 24-2 32 16 60 14';

/** What stands on a board with nothing on it: that it is loading, or that one may begin. */
export function backdropView(
  say: Say<SketchKey>,
  { loaded, blank, canDraw }: { loaded: boolean; blank: boolean; canDraw: boolean },
): TemplateResult | typeof nothing {
  if (!loaded) {
    return html`<div class="skeleton">
      <svg width="210" height="76" fill="none" stroke="currentColor" stroke-width="6" aria-hidden="true">
        <path stroke-linecap="round" stroke-linejoin="round" d=${SCRIBBLE} />
      </svg>
      <span class="visually-hidden" role="status">${say('loading')}</span>
    </div>`;
  }
  if (!blank) return nothing;
  if (!canDraw) return html`<div class="empty"><span>${say('emptyViewer')}</span></div>`;
  return html`<div class="empty">
    ${icon(pencil, 28)}
    <strong>${say('emptyTitle')}</strong>
    <span>${say('emptyText')}</span>
  </div>`;
}
