import type { LitElement, ReactiveController } from 'lit';
import { directionOf } from '../words/languages.js';

export type Theme = 'auto' | 'light' | 'dark';

/** Whose surroundings. */
export interface Surrounded extends LitElement {
  theme: Theme;
}

/**
 * The page around an element, as far as it concerns it: language, writing direction, light or dark.
 * Follows what changes while the page is open: the system's theme, and attributes of the element,
 * `html` and `body`, where pages switch theirs.
 */
export class Surroundings implements ReactiveController {
  readonly #host: Surrounded;
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  readonly #changes = new MutationObserver(() => this.#notice());
  #told = '';

  constructor(host: Surrounded) {
    this.#host = host;
    host.addController(this);
  }

  /**
   * BCP 47: the element's `lang`, else that of the closest element with one, else the browser's.
   */
  get lang(): string {
    for (let node: Element | undefined = this.#host; node; node = outward(node)) {
      const lang = node.closest<HTMLElement>('[lang]')?.lang;
      if (lang) return lang;
    }
    return navigator.language;
  }

  /** The element's `dir`, else that of its own `lang`, else the direction of its place. */
  get dir(): 'ltr' | 'rtl' {
    const { lang, dir } = this.#host;
    if (lang && !dir) return directionOf(lang);
    return getComputedStyle(this.#host).direction === 'rtl' ? 'rtl' : 'ltr';
  }

  /** The `theme`, else the `color-scheme` of the element's place, else the system's. */
  get dark(): boolean {
    if (this.#host.theme === 'dark') return true;
    if (this.#host.theme === 'light') return false;
    const { colorScheme } = getComputedStyle(this.#host);
    const onlyDark = /\bdark\b/.test(colorScheme) && !/\blight\b/.test(colorScheme);
    const onlyLight = /\blight\b/.test(colorScheme) && !/\bdark\b/.test(colorScheme);
    return onlyDark || (!onlyLight && this.#system.matches);
  }

  hostConnected(): void {
    this.#system.addEventListener('change', this.#notice);
    for (const node of [this.#host, document.documentElement, document.body]) {
      this.#changes.observe(node, { attributes: true });
    }
    this.#notice();
  }

  hostDisconnected(): void {
    this.#system.removeEventListener('change', this.#notice);
    this.#changes.disconnect();
  }

  readonly #notice = (): void => {
    const now = `${this.lang} ${this.dir} ${this.dark}`;
    if (now === this.#told) return;
    this.#told = now;
    this.#host.requestUpdate();
  };
}

/** The host of the shadow root that an element is in. */
function outward(node: Element): Element | undefined {
  const root = node.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}
