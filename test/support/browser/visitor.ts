/** Somebody on a page with a room, who does what people do and tells what they see. */
import type { ElementHandle, Page } from 'puppeteer-core';

import { PATIENCE, until } from '../patience.js';

/** A point of the board as a share of its width and height, so that every screen has it. */
export type Place = readonly [x: number, y: number];

declare global {
  interface Window {
    /** Tells the test of a violation of the page's security policy. */
    complain?: (words: string) => void;
  }
}

export class Visitor {
  readonly page: Page;
  /** Violations of the page's security policy, and whatever went wrong unseen. */
  readonly complaints: string[] = [];
  /** The WebSockets that the page has opened so far. */
  readonly webSockets: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  /** @param page not yet gone anywhere */
  static async on(page: Page): Promise<Visitor> {
    const visitor = new Visitor(page);
    page.on('pageerror', fault => visitor.complaints.push(`fault: ${String(fault)}`));
    const devTools = await page.createCDPSession();
    await devTools.send('Network.enable');
    devTools.on('Network.webSocketCreated', ({ url }) => visitor.webSockets.push(url));
    await page.exposeFunction('complain', (text: string) => visitor.complaints.push(text));
    await page.evaluateOnNewDocument(() => {
      document.addEventListener('securitypolicyviolation', event => {
        const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample } = event;
        const words = `${effectiveDirective} refused ${blockedURI} ${sample} (${sourceFile}:${lineNumber})`;
        window.complain?.(words);
      });
    });
    return visitor;
  }

  /**
   * Resolves once what is seen suits; rejects with what was seen last when it does not for a long
   * time.
   */
  async sees<Seen>(what: string, look: () => Promise<Seen>, suits: (seen: Seen) => boolean): Promise<Seen> {
    const all: Seen[] = [];
    const isSeen = async () => {
      all.splice(0, all.length, await look());
      return all.some(suits);
    };
    await until(PATIENCE, isSeen, () => `${what}: still ${JSON.stringify(all[0])}`);
    return all[0] as Seen;
  }

  /** Resolves when the room is open and its board is there to draw on. */
  async inRoom(room = 'chalk-talk'): Promise<void> {
    await this.#find(`${room} >>> chalk-composer >>> textarea, ${room} >>> .read-only`);
    await this.#find(`${room} >>> [role=application]`);
    const loaded = () => this.page.$$eval(`${room} >>> [role=log]`, ([log]) => log?.getAttribute('aria-busy'));
    await this.sees('the talk is loaded', loaded, busy => busy === 'false');
  }

  /** Answers the form that asks a guest for a name. */
  async namesThemselves(name: string): Promise<void> {
    const field = await this.#find('chalk-talk >>> input[name=name]');
    await field.focus();
    await this.page.keyboard.type(name);
    await this.page.keyboard.press('Enter');
  }

  /** Writes a message and sends it, key by key. */
  async say(text: string, room = 'chalk-talk'): Promise<void> {
    const field = await this.#find(`${room} >>> chalk-composer >>> textarea`);
    await field.focus();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
  }

  /** The texts of the talk, from top to bottom. */
  texts(room = 'chalk-talk'): Promise<string[]> {
    return this.page.$$eval(`${room} >>> chalk-messages >>> .bubble`, lines => lines.map(line => line.textContent));
  }

  /** Resolves once these are the last messages of the talk, in this order. */
  async reads(texts: readonly string[], room = 'chalk-talk'): Promise<void> {
    const wanted = JSON.stringify(texts);
    const last = (seen: readonly string[]) => JSON.stringify(seen.slice(-texts.length)) === wanted;
    await this.sees(`the talk ends in ${wanted}`, () => this.texts(room), last);
  }

  /** How many strokes lie on the board, as it tells by its name. */
  strokes(room = 'chalk-talk'): Promise<number> {
    return this.page.$$eval(`${room} >>> [role=application]`, ([board]) =>
      Number(/\d+/.exec(board?.getAttribute('aria-label') ?? '')?.[0] ?? -1),
    );
  }

  async seesStrokes(count: number, room = 'chalk-talk'): Promise<void> {
    await this.sees(
      `${count} strokes`,
      () => this.strokes(room),
      seen => seen === count,
    );
  }

  /**
   * How many pixels are inked where strokes in progress are shown, over all layers: ink that is
   * there or growing.
   */
  inkedPixels(room = 'chalk-talk'): Promise<number> {
    return this.page.$$eval(`${room} >>> chalk-sketch >>> canvas`, canvases => {
      let inked = 0;
      for (const canvas of canvases) {
        if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0 || canvas.height === 0) continue;
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        for (let index = 3; index < data.length; index += 4) if ((data[index] ?? 0) > 0) inked += 1;
      }
      return inked;
    });
  }

  /** Puts the pen down and moves it along, without lifting it. */
  async penDown([first, ...rest]: readonly [Place, ...Place[]], room = 'chalk-talk'): Promise<void> {
    const surface = await this.#find(`${room} >>> chalk-sketch >>> [role=application]`);
    await surface.scrollIntoView();
    await this.moves([first], room);
    await this.page.mouse.down();
    await this.moves(rest, room);
  }

  /** Moves the pen along, lifted or not. */
  async moves(places: readonly Place[], room = 'chalk-talk'): Promise<void> {
    const surface = await this.#find(`${room} >>> chalk-sketch >>> [role=application]`);
    const box = await surface.boundingBox();
    if (!box) throw new Error('The board is not to be seen');
    for (const [x, y] of places)
      await this.page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
  }

  async penUp(): Promise<void> {
    await this.page.mouse.up();
  }

  async draws(places: readonly [Place, ...Place[]], room = 'chalk-talk'): Promise<void> {
    await this.penDown(places, room);
    await this.penUp();
  }

  /** Presses the button that screen readers know by this name. */
  async presses(name: string, room = 'chalk-talk'): Promise<void> {
    const button = await this.#find(`${room} >>> button[aria-label=${JSON.stringify(name)}]:not([disabled])`);
    await button.click();
  }

  /** Goes to a tab, where the element is not wide enough for both halves. */
  async opens(tab: 'Talk' | 'Board', room = 'chalk-talk'): Promise<void> {
    const button = await this.#find(`${room} >>> [role=tab][id=tab-${tab.toLowerCase()}]`);
    await button.click();
  }

  async #find(selector: string): Promise<ElementHandle> {
    const look = () => this.page.$(selector);
    const found = await this.sees(`there is ${selector}`, look, handle => handle !== null);
    if (!found) throw new Error(`There is no ${selector}`);
    return found;
  }
}
