import { html, type TemplateResult } from 'lit';
import { icon, type IconStrokes } from '../look/icon.js';
import type { SketchKey } from '../words/en/sketch.js';
import type { Say } from '../words/words.js';
import { ZOOM_STEP, type Act, type Action } from './actions.js';
import { frame, minus, plus } from './icons.js';

/** What the zoom controls show. */
export interface ZoomModel {
  readonly say: Say<SketchKey>;
  readonly act: Act;
  /** The zoom as it is read, like `80%`. */
  readonly zoom: string;
}

/** Zoom and "fit", as the inside of a toolbar. */
export function zoomView(model: ZoomModel): TemplateResult {
  const { say, act, zoom } = model;
  return html`
    ${button(model, { type: 'zoom', factor: 1 / ZOOM_STEP }, minus, say('zoomOut'), '-', 'Minus')}
    <button
      type="button"
      class="zoom"
      title=${say('zoomActual', { zoom })}
      aria-label=${say('zoomActual', { zoom })}
      @click=${() => act({ type: 'actual-size' })}
    >
      ${zoom}
    </button>
    ${button(model, { type: 'zoom', factor: ZOOM_STEP }, plus, say('zoomIn'), '+', 'Plus')}
    ${button(model, { type: 'fit' }, frame, say('fit'), '0', '0')}
  `;
}

function button(
  { say, act }: ZoomModel,
  action: Action,
  strokes: IconStrokes,
  name: string,
  key: string,
  shortcut: string,
): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    data-zoom=${action.type === 'fit' ? 'fit' : shortcut.toLowerCase()}
    title=${say('withKeys', { name, keys: key })}
    aria-label=${name}
    aria-keyshortcuts=${shortcut}
    @click=${() => act(action)}
  >
    ${icon(strokes)}
  </button>`;
}
