import { expect, fixture, html } from '@open-wc/testing';

import type { ChatPanel } from '../../../widget/chat/chat-panel.js';
import type { Composer } from '../../../widget/chat/composer.js';
import type { MessageList } from '../../../widget/chat/message-list.js';
import { tokens } from '../../../widget/look/tokens.js';
import { Languages } from '../../../widget/words/languages.js';
import '../../../widget/index.js';

export const language = new Languages(() => {}).of('en-GB');

export const LOADED = { loaded: true, more: false, loading: false };

/** A panel of 340 by 400 px with the look's tokens, and its parts. */
export async function openPanel(values: Partial<ChatPanel> = {}): Promise<Panel> {
  const place = await fixture<HTMLElement>(html`<div></div>`);
  const root = place.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${tokens.cssText} :host { font: 14px / 20px sans-serif }
    chalk-chat { inline-size: 340px; block-size: 400px }`);
  root.adoptedStyleSheets = [sheet];
  const panel = document.createElement('chalk-chat');
  Object.assign(panel, { history: LOADED, canWrite: true, language, ...values });
  root.append(panel);
  await panel.updateComplete;
  return new Panel(panel);
}

export class Panel {
  constructor(readonly element: ChatPanel) {}

  get list(): MessageList {
    return this.#part('chalk-messages');
  }

  get composer(): Composer {
    return this.#part('chalk-composer');
  }

  get field(): HTMLTextAreaElement {
    const field = this.composer.renderRoot.querySelector('textarea');
    expect(field).to.be.ok;
    return field ?? document.createElement('textarea');
  }

  get scroller(): HTMLElement {
    return this.list.scroller ?? document.body;
  }

  /** How far the talk is from its end, in px. */
  get fromEnd(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** The line of the message with this text. */
  line(text: string): HTMLElement | undefined {
    return [...this.list.renderRoot.querySelectorAll<HTMLElement>('.message')].find(
      line => line.querySelector('.bubble')?.textContent === text,
    );
  }

  /** Where the line of a message stands, in px from the top of the window. */
  top(text: string): number {
    return this.line(text)?.getBoundingClientRect().top ?? NaN;
  }

  /** Sets values, and waits until they are to be seen. */
  async set(values: Partial<ChatPanel>): Promise<void> {
    Object.assign(this.element, values);
    await this.element.updateComplete;
    await this.list.updateComplete;
  }

  /**
   * Scrolls, and waits until the lines that came near are laid out, as they are before a reader
   * comes to them.
   */
  async scroll(top: number): Promise<void> {
    const told = new Promise(resolve => this.scroller.addEventListener('scroll', resolve, { once: true }));
    this.scroller.scrollTop = top;
    await told;
    for (let count = 0; count < 3; count += 1) await frame();
  }

  #part<Name extends 'chalk-messages' | 'chalk-composer'>(name: Name): HTMLElementTagNameMap[Name] {
    const part = this.element.renderRoot.querySelector(name);
    if (!part) throw new Error(`The panel has no ${name}.`);
    return part;
  }
}

/** The browser has shown a frame: sizes were observed, and what follows from them was done. */
export function frame(): Promise<void> {
  return new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
}

/** The next event of a type. */
export function next<Type extends Event>(target: EventTarget, type: string): Promise<Type> {
  return new Promise(resolve => target.addEventListener(type, event => resolve(event as Type), { once: true }));
}
