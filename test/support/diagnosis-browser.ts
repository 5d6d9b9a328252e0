/** A browser in which tests ask elements what is wrong. */
import { type Frame, launch, type Page } from 'puppeteer-core';

import type { Diagnosis } from '../../widget/element/diagnosis/report.js';
import { findBrowser } from './browser/find-browser.js';
import { NAMES } from './diagnosis-site.js';
import type { Scope } from './scope.js';

/** What an element found, and what its page's console was told of it. */
export interface Diagnosed {
  readonly diagnosis: Diagnosis;
  /**
   * The one text that begins with `<chalk-talk>` and the finding; undefined where there is none.
   */
  readonly block: string | undefined;
}

export interface DiagnosisBrowser {
  /** A page with a profile of its own. */
  open(): Promise<Page>;
  /** Goes to an address, and asks the element there. */
  diagnose(url: string, page?: Page): Promise<Diagnosed>;
}

/** Starts a browser; it is closed when the scope ends. */
export async function openDiagnosisBrowser(scope: Scope): Promise<DiagnosisBrowser> {
  const found = await findBrowser();
  const args = [...found.args, `--host-resolver-rules=MAP ${NAMES} 127.0.0.1`];
  const browser = await launch({ ...found, args, acceptInsecureCerts: true });
  scope.after(() => browser.close());
  const open = async (): Promise<Page> => await (await browser.createBrowserContext()).newPage();
  return {
    open,
    async diagnose(url, page) {
      const shown = page ?? (await open());
      await shown.goto(url);
      return await ask(shown);
    },
  };
}

/** Asks the element of a page, or of the page's frame. */
export async function ask(page: Page): Promise<Diagnosed> {
  const told: string[] = [];
  page.on('console', message => told.push(message.text()));
  const frame = page.frames().at(-1) ?? page.mainFrame();
  const diagnosis = await diagnoseIn(frame);
  return { diagnosis, block: told.find(text => text.startsWith(`<chalk-talk> ${diagnosis.finding}: `)) };
}

async function diagnoseIn(frame: Frame): Promise<Diagnosis> {
  return await frame.evaluate(async () => {
    await customElements.whenDefined('chalk-talk');
    const element = document.querySelector('chalk-talk');
    if (!element) throw new Error('There is no element');
    return await element.diagnose();
  });
}
