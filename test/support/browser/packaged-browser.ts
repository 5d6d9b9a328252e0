/**
 * The Chromium inside the npm package @sparticuz/chromium, made to run on a machine that has
 * nothing of a browser: neither its libraries nor fonts. The package is made for another place and
 * unpacks into the machine's shared temporary folder, where another user's or a half-written copy
 * may lie; so it is run in a process whose temporary folder is ours.
 */
import { execFile } from 'node:child_process';
import { access, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

export interface PackagedBrowser {
  readonly executablePath: string;
  /** What to run it with: its own libraries, and its own fonts where the system has none. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Unpacks the browser, once (about two seconds), inside the package's folder; safe when several
 * processes do it at a time.
 */
export async function packagedBrowser(env: NodeJS.ProcessEnv): Promise<PackagedBrowser> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const home = join(dirname(entry), 'unpacked');
  if (!(await exists(join(home, 'chromium')))) await unpack(entry, home, env);

  const fonts = (await exists('/etc/fonts/fonts.conf')) ? {} : { FONTCONFIG_FILE: join(home, 'fonts.conf') };
  const libraries = [join(home, 'al2023', 'lib'), env['LD_LIBRARY_PATH'] ?? ''].filter(path => path !== '').join(':');
  return { executablePath: join(home, 'chromium'), env: { ...env, ...fonts, LD_LIBRARY_PATH: libraries } };
}

async function unpack(entry: string, home: string, env: NodeJS.ProcessEnv): Promise<void> {
  const beside = await mkdtemp(`${home}-`);
  try {
    const script = `import chromium from ${JSON.stringify(pathToFileURL(entry))}; await chromium.executablePath();`;
    // The runtime's name makes it unpack the libraries too.
    const place = { TMPDIR: beside, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...env, ...place },
    });
    const places = `<dir>${join(home, 'fonts')}</dir><cachedir>${join(home, 'fonts-cache')}</cachedir>`;
    const config = `<?xml version="1.0"?><fontconfig>${places}</fontconfig>`;
    await writeFile(join(beside, 'fonts.conf'), config);
    await rename(beside, home);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    // Another process was quicker, and its copy is whole.
    if (!(await exists(join(home, 'chromium')))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
