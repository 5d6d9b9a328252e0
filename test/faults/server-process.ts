/** The server as a process of its own, which a test may kill without a word. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { SiteDirectory } from '../../server/auth/site-directory.js';
import { DEFAULT_SITE_LIMITS } from '../../server/domain/site.js';
import { openSqlite } from '../../server/storage/sqlite/open-sqlite.js';
import type { Scope } from '../support/backend.js';
import { newSiteKey, signToken, type TestKey, type TokenRequest } from '../support/tokens.js';

export const SITE = 'acme';

const COMMAND = fileURLToPath(new URL('../../server/cli/main.js', import.meta.url));
const SECRET_KEY = 'a secret key of the tests, long enough to be one';
/** Milliseconds that a server may take to be ready. */
const PATIENCE = 20_000;

export class ServerProcess {
  readonly url: string;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #key: TestKey;
  #child: ChildProcess | undefined;
  #said = '';

  private constructor(folder: string, port: number, key: TestKey, environment: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#key = key;
    this.url = `http://127.0.0.1:${port}`;
    this.#environment = {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: `sqlite:${join(folder, 'chalk-talk.db')}`,
      SECRET_KEY,
      LOG_LEVEL: 'warn',
      ...environment,
    };
  }

  /**
   * A server with one site, which runs. Killed, and its data gone, when the scope ends.
   *
   * @param within where its data shall be, on a disk of the test's own
   */
  static async start(scope: Scope, environment: NodeJS.ProcessEnv = {}, within = tmpdir()): Promise<ServerProcess> {
    const folder = await mkdtemp(join(within, 'chalk-talk-'));
    const key = newSiteKey(SITE, true);
    const storage = await openSqlite({ file: join(folder, 'chalk-talk.db'), secretKey: SECRET_KEY });
    const sites = await SiteDirectory.load(storage);
    const limits = { ...DEFAULT_SITE_LIMITS, connections: 20_000 };
    await sites.putSite({ id: SITE, name: SITE, origins: [], guests: {}, limits, retentionDays: null });
    await sites.addKey(key.key);
    await storage.close();
    const server = new ServerProcess(folder, await freePort(), key, environment);
    scope.after(() => server.#end());
    await server.run();
    return server;
  }

  /** What it said on both outputs. */
  get said(): string {
    return this.#said;
  }

  /** Whether it ended by itself. */
  get crashed(): boolean {
    return this.#child?.exitCode !== null && this.#child?.exitCode !== undefined;
  }

  /** The database. */
  get file(): string {
    return join(this.#folder, 'chalk-talk.db');
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  token(request: TokenRequest = {}): Promise<string> {
    return signToken(this.#key, request);
  }

  /** Starts it, and resolves when it is ready. */
  async run(): Promise<void> {
    const child = spawn(process.execPath, [COMMAND, 'serve'], { env: this.#environment, cwd: this.#folder });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    }
    const until = Date.now() + PATIENCE;
    while (!(await this.#isReady())) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`The server is not ready:\n${this.#said}`);
      await pause(20);
    }
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Opens what it kept. The process must have ended; the caller closes it. */
  openStorage(): ReturnType<typeof openSqlite> {
    return openSqlite({ file: join(this.#folder, 'chalk-talk.db'), secretKey: SECRET_KEY });
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false;
    }
  }

  async #end(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new TypeError('No port');
  return address.port;
}
