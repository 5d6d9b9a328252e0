/** What a real page is told of its coming and going. A page is a frame. */
import { expect } from '@open-wc/testing';

import type { Platform } from '../../../widget/session/platform.js';
import { openFramePage } from '../../support/browser/frame-page.js';

declare global {
  interface Window {
    /** Of a frame of this test. */
    platform?: Platform;
  }
}

/** A page of its own, which notes what it is told. */
async function openPage(): Promise<{ readonly frame: HTMLIFrameElement; readonly told: string[] }> {
  const module = new URL('../../../widget/session/platform.ts', import.meta.url).href;
  const script = `import { realPlatform } from '${module}'; window.platform = realPlatform();`;
  const { frame, page, ready: platform } = await openFramePage(script, ({ platform }) => platform);
  const told: string[] = [];
  for (const type of ['pagehide', 'visibilitychange'] as const) page.addEventListener(type, () => told.push(type));
  platform.onWake(
    () => told.push('wake'),
    () => told.push('sleep'),
  );
  return { frame, told };
}

describe('the platform of a page', () => {
  afterEach(() => {
    for (const frame of document.querySelectorAll('iframe')) frame.remove();
  });

  it('sends who leaves it to sleep, and wakes nobody because it is hidden then', async () => {
    const { frame, told } = await openPage();
    const left = new Promise(resolve => frame.addEventListener('load', resolve, { once: true }));
    frame.src = 'about:blank';
    await left;
    expect(told).to.deep.equal(['pagehide', 'sleep', 'visibilitychange']);
  });

  it('wakes who is seen again', async () => {
    const { frame, told } = await openPage();
    frame.contentDocument?.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    expect(told).to.deep.equal(['visibilitychange', 'wake']);
  });
});
