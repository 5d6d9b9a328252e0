import type { LitElement, ReactiveController } from 'lit';
import { ChalkPanelEvent } from '../events.js';
import type { BubbleSetting } from './bubble-setting.js';
import { FULL_SCREEN } from './bubble.styles.js';

/** Who has the panel. */
export interface PanelHost extends LitElement {
  readonly setting: BubbleSetting | undefined;
}

/**
 * Opens and closes the panel: beside the page where there is room for both, over all of it on
 * phones, where the page rests until it is closed. Moves the focus in, and back to the button, and
 * tells the page.
 */
export class PanelDialog implements ReactiveController {
  readonly #host: PanelHost;
  readonly #fullScreen = matchMedia(FULL_SCREEN);
  /** As it was shown last; undefined while there is none. */
  #open: boolean | undefined;
  /**
   * The focus is on the panel as a whole, until there is something in it to write or to draw on.
   */
  #seeking = false;

  constructor(host: PanelHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#fullScreen.addEventListener('change', this.#show);
    // Out of the page it was closed by the browser.
    this.#show();
  }

  hostDisconnected(): void {
    this.#fullScreen.removeEventListener('change', this.#show);
  }

  hostUpdated(): void {
    this.#show();
    void this.#seek();
  }

  readonly #show = (): void => {
    const { setting, isConnected } = this.#host;
    const dialog = this.#dialog;
    if (!dialog || !setting) this.#open = undefined;
    else if (isConnected) this.#follow(dialog, setting.open);
  };

  #follow(dialog: HTMLDialogElement, open: boolean): void {
    const before = this.#open;
    this.#open = open;
    const focused = this.#focused;
    const modal = open && this.#fullScreen.matches;
    if (dialog.open !== open || dialog.matches(':modal') !== modal) {
      dialog.close();
      // The attribute alone opens it without a claim to the focus.
      if (modal) dialog.showModal();
      else dialog.open = open;
    }
    if (open !== (before ?? false)) this.#host.dispatchEvent(new ChalkPanelEvent(open));
    // A page that loads with an open panel keeps its focus.
    if (open && before === false) this.#enter(dialog);
    else if (!open && focused) this.#host.focus({ preventScroll: true });
    else focused?.focus({ preventScroll: true });
  }

  #enter(dialog: HTMLDialogElement): void {
    dialog.focus({ preventScroll: true });
    // Where fingers write, the keyboard would cover what they came to read.
    this.#seeking = !matchMedia('(pointer: coarse)').matches;
    // The form for a guest's name may still be on its way.
    void customElements.whenDefined('chalk-gate').then(() => this.#seek());
  }

  async #seek(): Promise<void> {
    if (!this.#seeking) return;
    // What is shown now first shows what is inside it.
    await new Promise(resolve => setTimeout(resolve));
    const { setting } = this.#host;
    this.#seeking &&= this.#dialog?.matches(':focus') ?? false;
    if (this.#seeking) setting?.focus?.();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.#host.renderRoot.querySelector('dialog');
  }

  /** What has the focus inside, through every shadow root. */
  get #focused(): HTMLElement | undefined {
    const root = this.#host.getRootNode();
    // Not by ":focus-within", which Chromium loses for what is around a modal dialog.
    let focused = root instanceof ShadowRoot ? root.activeElement : null;
    if (!this.#host.contains(focused)) return undefined;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    return focused instanceof HTMLElement ? focused : undefined;
  }
}
