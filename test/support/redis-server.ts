/** A real Redis for tests: one that is given by TEST_REDIS_URL, or else one started from the program of this machine. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endProgram, findProgram, freePort, startProgram } from './programs.js';

/** What a tear-down is left with: `t` of node:test is one. */
interface Scope {
  after(tearDown: () => Promise<void>): void;
}

/** A Redis on a port of its own, which keeps nothing on the disk. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #command: readonly string[];
  #process: ChildProcess;

  private constructor(port: number, folder: string, command: readonly string[], child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#command = command;
    this.#process = child;
  }

  /**
   * @param more further settings, as on its command line: `['--cluster-enabled', 'yes']`
   * @throws ProgramMissingError
   */
  static async start(more: readonly string[] = [], port?: number): Promise<RedisServer> {
    const program = await findProgram('redis-server');
    const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-redis-'));
    const chosen = port ?? (await freePort());
    const settings = [
      '--bind',
      '127.0.0.1',
      '--port',
      `${chosen}`,
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ];
    const command = [program, ...settings, ...more];
    return new RedisServer(chosen, folder, command, await startProgram(command, isReady));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** The process of the server, for signals: SIGSTOP and SIGCONT freeze it and let it go on. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Starts it again, with nothing in it. */
  async startAgain(): Promise<void> {
    this.#process = await startProgram(this.#command, isReady);
  }

  /** As a crash would be. */
  async stop(): Promise<void> {
    await endProgram(this.#process, 'SIGKILL');
  }

  /** Harmless when called again. */
  async close(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The address of a Redis for one test. It may be shared with others: keys and channels need a prefix of the test's own. */
export async function redisUrl(t: Scope): Promise<string> {
  const given = process.env['TEST_REDIS_URL'];
  if (given !== undefined) return given;
  const server = await RedisServer.start();
  t.after(() => server.close());
  return server.url;
}

function isReady(line: string): boolean {
  return line.includes('Ready to accept connections');
}
