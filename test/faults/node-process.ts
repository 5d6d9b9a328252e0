/** A server as a process of its own, which a test may kill without a word. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { ReadinessReport } from '../../server/readiness.js';
import { until, within } from '../support/patience.js';
import { askReadiness, NoReportError } from '../support/readiness.js';
import { SECRET_KEY } from '../support/secret-key.js';

const COMMAND = fileURLToPath(new URL('../../server/cli/main.js', import.meta.url));
/** Milliseconds that a server may take to be ready, or to end. */
const PATIENCE = 20_000;
/** Milliseconds that it may take to answer whether it is. */
const ANSWERS_WITHIN = 4_000;

export interface NodeProcessOptions {
  /** Where it runs. */
  readonly folder: string;
  readonly port: number;
  /** What it is told beside what every server of the tests is. */
  readonly environment: NodeJS.ProcessEnv;
}

export class NodeProcess {
  readonly url: string;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #said = '';

  constructor({ folder, port, environment }: NodeProcessOptions) {
    this.#folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#environment = {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      SECRET_KEY,
      LOG_LEVEL: 'warn',
      ...environment,
    };
  }

  /** What it said on both outputs. */
  get said(): string {
    return this.#said;
  }

  /** Whether it ended by itself. */
  get crashed(): boolean {
    return this.#child?.exitCode !== null && this.#child?.exitCode !== undefined;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts it, and does not wait for it. */
  begin(): void {
    const child = spawn(process.execPath, [COMMAND, 'serve'], { env: this.#environment, cwd: this.#folder });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    }
  }

  /** Starts it, and resolves when it is ready. */
  async run(): Promise<void> {
    this.begin();
    await this.untilReady();
  }

  async untilReady(): Promise<void> {
    await until(
      PATIENCE,
      async () => (await this.readiness())?.ready === true || this.crashed,
      () => `The server is not ready:\n${this.#said}`,
    );
    if (this.crashed) throw new Error(`The server ended:\n${this.#said}`);
  }

  /** What it says of itself; undefined where it does not answer. */
  async readiness(): Promise<ReadinessReport | undefined> {
    try {
      return (await askReadiness(this.url, AbortSignal.timeout(ANSWERS_WITHIN))).report;
    } catch (fault) {
      if (fault instanceof NoReportError) throw fault;
      return undefined;
    }
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Tells it to end, and waits until it has. @returns its exit code */
  async end(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill(signal);
    await within(PATIENCE, ended, () => `The server does not end:\n${this.#said}`);
    return child.exitCode;
  }
}
