import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Panel } from './actions.js';

/** Whoever holds the panels and the buttons that open them. */
interface PanelHost extends ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
}

/**
 * Which panel is open. Opening one moves the focus into it; Escape closes it and gives the focus
 * back to the button that opens it; it also closes when the focus goes elsewhere.
 */
export class PanelController implements ReactiveController {
  readonly #host: PanelHost;
  #open: Panel | undefined;
  #movesFocus = false;

  constructor(host: PanelHost) {
    this.#host = host;
    host.addController(this);
  }

  get open(): Panel | undefined {
    return this.#open;
  }

  toggle(panel: Panel): void {
    if (this.#open === panel) this.close();
    else {
      this.#open = panel;
      this.#movesFocus = true;
      this.#host.requestUpdate();
    }
  }

  /** Closes what is open. Where the focus was in it, it goes back to the button. */
  close(): void {
    if (this.#open === undefined) return;
    const opener = this.#host.renderRoot.querySelector(`[data-opens=${this.#open}]`);
    const focused = this.#panel()?.contains(this.#host.renderRoot.querySelector(':focus')) === true;
    if (focused && opener instanceof HTMLElement) opener.focus();
    this.#open = undefined;
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    if (!this.#movesFocus) return;
    this.#movesFocus = false;
    const panel = this.#panel();
    const first = panel?.querySelector('[aria-checked=true]') ?? panel?.querySelector('button');
    if (first instanceof HTMLElement) first.focus();
  }

  /** For the key events of the panel and its buttons. */
  readonly onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.#open === undefined) return;
    // A dialog around us stays open.
    event.preventDefault();
    event.stopPropagation();
    this.close();
  };

  /**
   * For the focus events of the panel and its buttons. The browser's colour picker takes the focus
   * to no element of the page.
   */
  readonly onFocusout = (event: FocusEvent): void => {
    const { relatedTarget: to } = event;
    if (this.#open === undefined || !(to instanceof Element)) return;
    if (this.#panel()?.contains(to) === true || to.matches(`[data-opens=${this.#open}], [data-tool=${this.#open}]`))
      return;
    this.#open = undefined;
    this.#host.requestUpdate();
  };

  #panel(): Element | null {
    return this.#host.renderRoot.querySelector('.panel');
  }
}
