import { html, type TemplateResult } from 'lit';
import { type Layout, TALK_WIDTH } from './layout.js';

/** How far an arrow key moves it, in px. */
const STEP = 10;

/**
 * The line between board and talk: dragged, or moved by arrow keys; a double click puts it back.
 */
export function dividerView(layout: Layout, dir: 'ltr' | 'rtl', label: string): TemplateResult {
  /** Towards the board is wider. */
  const outwards = dir === 'rtl' ? 1 : -1;
  return html`<div
    class="divider"
    part="divider"
    role="separator"
    tabindex="0"
    aria-orientation="vertical"
    aria-label=${label}
    aria-valuemin=${TALK_WIDTH.min}
    aria-valuemax=${TALK_WIDTH.max}
    aria-valuenow=${layout.talkWidth}
    @pointerdown=${(event: PointerEvent) => drag(event, layout, outwards)}
    @keydown=${(event: KeyboardEvent) => step(event, layout, outwards)}
    @dblclick=${() => {
      layout.talkWidth = TALK_WIDTH.initial;
    }}
  ></div>`;
}

function drag(event: PointerEvent, layout: Layout, outwards: number): void {
  const handle = event.currentTarget;
  if (!(handle instanceof HTMLElement) || event.button !== 0) return;
  event.preventDefault();
  handle.focus({ preventScroll: true });
  handle.setPointerCapture(event.pointerId);
  const from = event.clientX;
  const width = layout.talkWidth;
  const move = (moved: PointerEvent): void => {
    layout.talkWidth = width + (moved.clientX - from) * outwards;
  };
  handle.addEventListener('pointermove', move);
  handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true });
}

function step(event: KeyboardEvent, layout: Layout, outwards: number): void {
  const steps: Partial<Record<string, number>> = {
    ArrowRight: STEP * outwards,
    ArrowLeft: -STEP * outwards,
    Home: -Infinity,
    End: Infinity,
  };
  const by = steps[event.key];
  if (by === undefined) return;
  event.preventDefault();
  layout.talkWidth += by;
}
