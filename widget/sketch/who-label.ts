import type { Authorship } from './authorship.js';
import type { Mark } from './drawing.js';
import type { ScreenPoint } from './space.js';
import type { Stage } from './stage.js';

/** How near one must point, in screen px. */
const NEAR = 6;

/** Says who drew what one points at, in a small label beside the pointer. */
export class WhoLabel {
  readonly #stage: Stage;
  readonly #root: HTMLElement;
  readonly #authorOf: (mark: Mark) => Authorship | undefined;
  #element: HTMLElement | undefined;
  #wait: ReturnType<typeof setTimeout> | undefined;

  /** @param root an element as large as the board, in which the label is placed */
  constructor(stage: Stage, root: HTMLElement, authorOf: (mark: Mark) => Authorship | undefined) {
    this.#stage = stage;
    this.#root = root;
    this.#authorOf = authorOf;
  }

  /** Someone points there, and is told after `delay` ms of rest. */
  point(at: ScreenPoint, delay: number): void {
    this.away();
    this.#wait = setTimeout(() => {
      this.#show(at);
    }, delay);
  }

  /** Nobody points any more, or something else is going on. */
  away(): void {
    clearTimeout(this.#wait);
    this.#element?.remove();
    this.#element = undefined;
  }

  #show(at: ScreenPoint): void {
    const mark = this.#stage.markAt(at, NEAR);
    const author = mark && this.#authorOf(mark);
    if (author === undefined) return;
    const element = document.createElement('div');
    element.className = 'who';
    element.dir = 'auto';
    element.style.setProperty('--_person', author.color);
    element.textContent = author.text;
    this.#root.append(element);
    // Above the pointer, and inside the board however near the edge it is.
    const { width } = this.#stage.size;
    const x = Math.min(Math.max(4, at.x - element.offsetWidth / 2), width - element.offsetWidth - 4);
    const above = at.y - element.offsetHeight - 12;
    const y = above < 4 ? at.y + 20 : above;
    element.style.setProperty('transform', `translate(${String(Math.round(x))}px, ${String(Math.round(y))}px)`);
    this.#element = element;
  }
}
