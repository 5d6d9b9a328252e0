import type { LitElement, ReactiveController } from 'lit';

/**
 * A visual viewport that is shorter than the page's by this much, in px, has a keyboard over it.
 */
const KEYBOARD = 120;

/** What is asked of a visual viewport, in px of the page. */
export type Viewport = EventTarget & Pick<VisualViewport, 'height' | 'offsetTop' | 'scale'>;

/**
 * Keeps the composer above a phone's keyboard: the keyboard lies over the page, which does not
 * shrink, so the element gives up as much of its height as is covered.
 */
export class KeyboardSpace implements ReactiveController {
  readonly #host: LitElement;
  readonly #viewport: Viewport | null;
  #covered = 0;

  /** @param viewport the part of the page that is to be seen */
  constructor(host: LitElement, viewport: Viewport | null = visualViewport) {
    this.#host = host;
    this.#viewport = viewport;
    host.addController(this);
  }

  /** How much of the element's end a keyboard covers, in px. */
  get covered(): number {
    return this.#covered;
  }

  hostConnected(): void {
    this.#viewport?.addEventListener('resize', this.#measure);
    this.#viewport?.addEventListener('scroll', this.#measure);
  }

  hostDisconnected(): void {
    this.#viewport?.removeEventListener('resize', this.#measure);
    this.#viewport?.removeEventListener('scroll', this.#measure);
  }

  readonly #measure = (): void => {
    const covered = Math.round(coveredBy(this.#viewport, this.#host));
    if (covered === this.#covered) return;
    this.#covered = covered;
    this.#host.requestUpdate();
  };
}

function coveredBy(viewport: Viewport | null, host: LitElement): number {
  // In a bubble the element itself has no size.
  const frame = host.renderRoot.querySelector('.frame');
  // Zoomed in by fingers the viewport is smaller, and no keyboard is there.
  if (!viewport || viewport.scale > 1.01 || !frame?.matches(':focus-within')) return 0;
  const keyboard = document.documentElement.clientHeight - viewport.height;
  if (keyboard < KEYBOARD) return 0;
  const { top, bottom } = frame.getBoundingClientRect();
  const below = bottom - (viewport.offsetTop + viewport.height);
  return Math.max(0, Math.min(keyboard, below, (bottom - top) / 2));
}
