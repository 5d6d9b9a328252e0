/** A browser for journeys: real pages, each visitor with a profile of their own. */
import { launch } from 'puppeteer-core';

import type { Scope } from '../scope.js';

import { findBrowser } from './find-browser.js';
import { Visitor } from './visitor.js';

export interface VisitorOptions {
  readonly width?: number;
  readonly height?: number;
}

export interface OpenedBrowser {
  /** Somebody with cookies, storage and connections of their own, on a page of that address. */
  readonly visit: (url: string, options?: VisitorOptions) => Promise<Visitor>;
}

/**
 * Starts a browser; it is closed when the scope ends. It keeps the pages that one goes back to, as
 * Puppeteer's would not.
 */
export async function openBrowser(scope: Scope): Promise<OpenedBrowser> {
  const browser = await launch({
    ...(await findBrowser()),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  scope.after(() => browser.close());
  return {
    async visit(url, { width = 1_200, height = 900 } = {}) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width, height });
      const visitor = await Visitor.on(page);
      await page.goto(url);
      return visitor;
    },
  };
}
