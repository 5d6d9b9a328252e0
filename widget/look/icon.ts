import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** The strokes of an icon on Lucide's 24 px grid. */
export type IconStrokes = SVGTemplateResult;

/**
 * Draws an icon from Lucide (https://lucide.dev, ISC licence). It is decoration: the control around
 * it carries the words.
 *
 * @param size in px
 */
export function icon(strokes: IconStrokes, size = 18): TemplateResult {
  return html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    ${strokes}
  </svg>`;
}

export { svg as strokes };
