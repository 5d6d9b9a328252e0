/**
 * What a stroke costs on the wire: one pen trace of 240 samples at 60 Hz, drawn on one page and
 * received on another, commit included; beside it the usual tutorial way on the same trace. Run by
 * `npm run bench:ink`.
 */
import { launch, type Browser, type Page } from 'puppeteer-core';

import { findBrowser } from '../support/browser/find-browser.js';
import { FrameMeter, type Traffic } from './frame-meter.js';
import { penTrace, SAMPLES_PER_SECOND, TRACE_SAMPLES } from './pen-trace.js';
import { startTutorialRelay } from './tutorial-relay.js';
import { startWidgetPages } from './widget-page.js';

/** What this must stay within. */
const MOST = { bytesPerSample: 16, framesPerSecond: 32 };

const browser = await launch(await findBrowser());
try {
  const ours = await measureOurs(browser);
  const tutorial = await measureTutorial(browser);
  print('Chalk Talk', ours);
  print('tutorial', tutorial);
  const ratio = (tutorial.bytes / ours.bytes).toFixed(1);
  console.log(`The tutorial way takes ${ratio} times the bytes, and keeps nothing.`);
  const kept = ours.bytes / TRACE_SAMPLES <= MOST.bytesPerSample && ours.framesPerSecond <= MOST.framesPerSecond;
  if (!kept) process.exitCode = 1;
  console.log(
    `Limits of ${MOST.bytesPerSample} bytes a sample and ${MOST.framesPerSecond} frames a second: ${kept ? 'kept' : 'NOT KEPT'}`,
  );
} finally {
  await browser.close();
}

async function measureOurs(within: Browser): Promise<Traffic> {
  const pages = await startWidgetPages();
  try {
    const author = await open(within, await pages.url('ada'));
    const reader = await open(within, await pages.url('bo'));
    const meter = await FrameMeter.on(reader);
    // The socket was opened before the meter listened, and the browser tells only of those opened
    // since.
    await reader.reload();
    for (const page of [author, reader]) {
      await page.waitForSelector('chalk-talk >>> canvas', { timeout: 15_000 });
      await told(page, 'people', 2);
    }
    await author.bringToFront();
    meter.reset();
    await draw(author);
    await told(reader, 'shapes', 1);
    return meter.read();
  } finally {
    await pages.close();
  }
}

async function measureTutorial(within: Browser): Promise<Traffic> {
  const relay = await startTutorialRelay();
  try {
    const author = await open(within, relay.url);
    const reader = await open(within, 'about:blank');
    const meter = await FrameMeter.on(reader);
    await reader.goto(relay.url);
    for (const page of [author, reader]) await page.waitForFunction(() => document.title === 'connected');
    await author.bringToFront();
    meter.reset();
    await draw(author);
    return meter.read();
  } finally {
    await relay.close();
  }
}

async function open(within: Browser, url: string): Promise<Page> {
  const context = await within.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width: 1000, height: 700 });
  await page.goto(url);
  return page;
}

/** Moves the pointer along the trace, each sample at its time. */
async function draw(page: Page): Promise<void> {
  const [first, ...rest] = penTrace(300, 300);
  if (!first) return;
  await page.mouse.move(first.x, first.y);
  await page.mouse.down();
  const start = performance.now();
  for (const [index, { x, y }] of rest.entries()) {
    const due = start + ((index + 1) * 1_000) / SAMPLES_PER_SECOND;
    await new Promise(resolve => setTimeout(resolve, due - performance.now()));
    await page.mouse.move(x, y);
  }
  await page.mouse.up();
}

/** Waits until the page has told of so many, of people here or of shapes on the board. */
async function told(page: Page, what: 'people' | 'shapes', count: number): Promise<void> {
  await page.waitForSelector(`body[data-${what}="${count}"]`, { timeout: 15_000 });
}

function print(name: string, { frames, bytes, framesPerSecond }: Traffic): void {
  const perSample = (bytes / TRACE_SAMPLES).toFixed(1);
  console.log(
    `${name.padEnd(12)} ${perSample} bytes a sample received, ${framesPerSecond} frames/s, ${frames} frames, ${bytes} bytes`,
  );
}
