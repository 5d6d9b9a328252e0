import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What is kept in place. */
export interface Scrolled extends ReactiveControllerHost {
  /** The box that scrolls; undefined before the first render. */
  readonly scroller: HTMLElement | undefined;
  /**
   * The lines inside it, oldest first, messages by the class `message`; each of these keeps its
   * element while it is shown.
   */
  readonly lines: HTMLElement | undefined;
}

/** As near to the end as this, in px, is at the end. */
const END = 24;

/**
 * Keeps the talk where the reader has it. At the end it stays at the end; anywhere else the lower
 * edge of the topmost line in view stays on its pixel (its upper part may lose the name, to older
 * lines of the same group), whatever is added above it and whatever changes its height: older
 * messages, a font, another width. The browser's own anchoring (`overflow-anchor`) is switched off:
 * Safari has none, and two would correct the same shift twice.
 */
export class ScrollKeeper implements ReactiveController {
  /** Whether the end of the talk is in view. */
  atEnd = true;
  readonly #host: Scrolled;
  readonly #moved: () => void;
  readonly #sizes = new ResizeObserver(() => this.#restore());
  #anchor: { readonly line: Element; readonly bottom: number } | undefined;
  #watched: HTMLElement | undefined;
  /** Where the scroller was when it was last looked at: only a move from there is the reader's. */
  #top = 0;

  /** @param moved is called when `atEnd` may have changed */
  constructor(host: Scrolled, moved: () => void) {
    this.#host = host;
    this.#moved = moved;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#sizes.disconnect();
    this.#watched = undefined;
  }

  /** The reader may have scrolled since the last event. */
  hostUpdate(): void {
    this.#remember();
  }

  hostUpdated(): void {
    const { scroller, lines } = this.#host;
    if (scroller && lines && this.#watched !== lines) {
      this.#sizes.disconnect();
      this.#watched = lines;
      this.#sizes.observe(scroller);
      this.#sizes.observe(lines);
    }
    this.#restore();
  }

  /** To be called when the scroller scrolled. */
  scrolled(): void {
    this.#remember();
    this.#moved();
  }

  /** Goes to the newest message, and stays there. */
  toEnd(): void {
    this.atEnd = true;
    this.#anchor = undefined;
    this.#restore();
    this.#moved();
  }

  #remember(): void {
    const { scroller, lines } = this.#host;
    // While it is hidden everything is at 0, which says nothing.
    if (!scroller || !lines || scroller.clientHeight === 0 || scroller.scrollTop === this.#top) return;
    this.#top = scroller.scrollTop;
    this.atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= END;
    const line = this.atEnd ? undefined : firstInView(lines.children, scroller.getBoundingClientRect().top);
    this.#anchor = line && { line, bottom: this.#bottomOf(line, scroller) };
  }

  #restore(): void {
    const { scroller } = this.#host;
    if (!scroller || scroller.clientHeight === 0) return;
    if (this.atEnd) scroller.scrollTop = scroller.scrollHeight;
    else if (this.#anchor?.line.isConnected) {
      const shift = this.#bottomOf(this.#anchor.line, scroller) - this.#anchor.bottom;
      if (Math.abs(shift) >= 0.5) scroller.scrollTop += shift;
    }
    this.#top = scroller.scrollTop;
  }

  #bottomOf(line: Element, scroller: HTMLElement): number {
    return line.getBoundingClientRect().bottom - scroller.getBoundingClientRect().top;
  }
}

/**
 * The first message that reaches below `top`, by halving: a long talk is not measured line by line.
 * Not a separator: those move when older messages are put before them.
 */
function firstInView(lines: HTMLCollection, top: number): Element | undefined {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottom = lines[middle]?.getBoundingClientRect().bottom ?? 0;
    if (bottom > top) high = middle;
    else low = middle + 1;
  }
  let line = lines[low];
  while (line && !line.classList.contains('message')) line = line.nextElementSibling ?? undefined;
  return line;
}
