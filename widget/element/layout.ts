import type { LitElement, ReactiveController } from 'lit';
import { keep, recall } from '../keep.js';

/**
 * `wide`: side by side. `middle`: tabs on top. `narrow`: tabs at the bottom, within a thumb's
 * reach.
 */
export type Arrangement = 'wide' | 'middle' | 'narrow';

/** Widths of the talk beside the board, in px. */
export const TALK_WIDTH = { min: 320, max: 380, initial: 340 } as const;

/** Widths of the element, in px. */
const WIDE = 720;
const MIDDLE = 420;

const KEY = 'chalk-talk:talk-width';

/**
 * How the element is laid out: by its own width, whatever the window's is, and by where the divider
 * was left.
 */
export class Layout implements ReactiveController {
  readonly #host: LitElement;
  readonly #sizes: ResizeObserver;
  #arrangement: Arrangement | undefined;
  /** All of what is shown: as wide as the element, but in a bubble as its panel. */
  #frame: HTMLElement | null = null;
  #talkWidth = within(Number(recall('localStorage', KEY) ?? TALK_WIDTH.initial));

  constructor(host: LitElement) {
    this.#host = host;
    this.#sizes = new ResizeObserver(() => {
      if (this.#arrangement !== this.#measure()) host.requestUpdate();
    });
    host.addController(this);
  }

  get arrangement(): Arrangement {
    return (this.#arrangement ??= this.#measure());
  }

  /** In px. */
  get talkWidth(): number {
    return this.#talkWidth;
  }

  set talkWidth(width: number) {
    this.#talkWidth = within(width);
    keep('localStorage', KEY, String(this.#talkWidth));
    this.#host.requestUpdate();
  }

  hostConnected(): void {
    if (this.#frame) this.#sizes.observe(this.#frame);
  }

  hostUpdate(): void {
    this.#arrangement = this.#measure();
  }

  hostUpdated(): void {
    if (this.#frame) return;
    this.#frame = this.#host.renderRoot.querySelector('.frame');
    this.hostConnected();
  }

  hostDisconnected(): void {
    this.#sizes.disconnect();
  }

  #measure(): Arrangement {
    const width = (this.#frame ?? this.#host).offsetWidth;
    // While it is hidden it has no width, and stays as it was.
    if (width === 0 && this.#arrangement) return this.#arrangement;
    return width >= WIDE ? 'wide' : width >= MIDDLE ? 'middle' : 'narrow';
  }
}

function within(width: number): number {
  return Math.round(Math.min(TALK_WIDTH.max, Math.max(TALK_WIDTH.min, width || TALK_WIDTH.initial)));
}
