/**
 * The Chromium that tests run in: the one that CHROME_PATH names, else one that the machine has,
 * else the one that comes inside an npm package, so that `npm test` needs nothing installed.
 */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { packagedBrowser } from './packaged-browser.js';

/** What to give to Puppeteer's `launch`. */
export interface BrowserLaunch {
  readonly executablePath: string;
  readonly headless: true | 'shell';
  readonly args: string[];
  readonly env?: NodeJS.ProcessEnv;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** No GPU and no traffic of the browser's own; small shared memory, as containers have it. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  // Layout and text must not differ between a window in front and one behind.
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** Finds a browser and how to start it; rejects where CHROME_PATH names none. */
export async function findBrowser(env: NodeJS.ProcessEnv = process.env): Promise<BrowserLaunch> {
  const named = env['CHROME_PATH'];
  if (named) {
    if (await isProgram(named)) return { executablePath: named, headless: true, args: [...ARGUMENTS] };
    throw new Error(`CHROME_PATH names no program: ${named}`);
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '');
  const candidates = [...folders.flatMap(folder => NAMES.map(name => join(folder, name))), ...ELSEWHERE];
  for (const executablePath of candidates) {
    if (await isProgram(executablePath)) return { executablePath, headless: true, args: [...ARGUMENTS] };
  }
  // The package is a headless shell, and its own default arguments would switch web security off.
  return { ...(await packagedBrowser(env)), headless: 'shell', args: [...ARGUMENTS] };
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
