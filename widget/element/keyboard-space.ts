import type { LitElement, ReactiveController } from 'lit';

/** A visual viewport that is shorter than the page's by this much, in px, has a keyboard over it. */
const KEYBOARD = 120;

/**
 * Keeps the composer above a phone's keyboard: the keyboard lies over the page, which does not shrink, so the element gives up as much
 * of its height as is covered.
 */
export class KeyboardSpace implements ReactiveController {
  readonly #host: LitElement;
  #covered = 0;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  /** How much of the element's end a keyboard covers, in px. */
  get covered(): number {
    return this.#covered;
  }

  hostConnected(): void {
    visualViewport?.addEventListener('resize', this.#measure);
    visualViewport?.addEventListener('scroll', this.#measure);
  }

  hostDisconnected(): void {
    visualViewport?.removeEventListener('resize', this.#measure);
    visualViewport?.removeEventListener('scroll', this.#measure);
  }

  readonly #measure = (): void => {
    const covered = Math.round(coveredBy(visualViewport, this.#host));
    if (covered === this.#covered) return;
    this.#covered = covered;
    this.#host.requestUpdate();
  };
}

function coveredBy(viewport: VisualViewport | null, host: LitElement): number {
  // Zoomed in by fingers the viewport is smaller, and no keyboard is there.
  if (!viewport || viewport.scale > 1.01 || !host.matches(':focus-within')) return 0;
  const keyboard = document.documentElement.clientHeight - viewport.height;
  if (keyboard < KEYBOARD) return 0;
  const { top, bottom } = host.getBoundingClientRect();
  const below = bottom - (viewport.offsetTop + viewport.height);
  return Math.max(0, Math.min(keyboard, below, (bottom - top) / 2));
}
