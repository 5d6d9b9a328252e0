import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../look/icon.js';
import { arrowDown, bubble } from '../look/icons.js';
import type { Voice } from './message-view.js';

/**
 * Grey lines where messages will be; they appear after a moment, so that a quick answer shows none.
 */
export function skeleton(count: number): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true">${Array.from({ length: count }, () => html`<i></i>`)}</div>`;
}

/**
 * What stands before the oldest message: more are loading, or did not load and `again` asks for
 * them.
 */
export function olderView({ say }: Voice, loading: boolean, again: (() => void) | undefined): unknown {
  if (loading) return html`<span class="visually-hidden">${say('older')}</span>${skeleton(2)}`;
  if (!again) return nothing;
  return html`<p>${say('olderFailed')} <button type="button" @click=${again}>${say('tryAgain')}</button></p>`;
}

/** A talk that has not begun. */
export function emptyView({ say }: Voice, canWrite: boolean): TemplateResult {
  return html`<div class="empty">
    ${icon(bubble, 28)}
    <strong>${say('emptyTitle')}</strong>
    <span>${say(canWrite ? 'emptyText' : 'emptyViewer')}</span>
  </div>`;
}

/** The way back to the newest message, with how many came meanwhile. */
export function toEndView({ say }: Voice, count: number, go: () => void): TemplateResult {
  const label = count > 0 ? say('newBelowLong', { count }) : say('toEnd');
  return html`<button type="button" class="to-end" aria-label=${label} title=${label} @click=${go}>
    ${icon(arrowDown, 16)}${count > 0 ? html`<span>${say('newBelow', { count })}</span>` : nothing}
  </button>`;
}
