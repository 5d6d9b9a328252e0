/**
 * A real Redis for tests: one that is given by TEST_REDIS_URL, or else one started from the program
 * of this machine.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findProgram, freePort, ServerProgram } from './programs.js';
import type { Scope } from './scope.js';

/** A Redis on a port of its own, which keeps nothing on the disk. */
export class RedisServer {
  readonly #program: ServerProgram;

  private constructor(program: ServerProgram) {
    this.#program = program;
  }

  /**
   * @param more further settings, as on its command line: `['--cluster-enabled', 'yes']`
   * @throws ProgramMissingError
   */
  static async start(more: readonly string[] = [], port?: number): Promise<RedisServer> {
    const program = await findProgram('redis-server');
    const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-redis-'));
    const chosen = port ?? (await freePort());
    const where = ['--bind', '127.0.0.1', '--port', `${chosen}`, '--dir', folder];
    const command = [program, ...where, '--save', '', '--appendonly', 'no', ...more];
    return new RedisServer(await ServerProgram.start({ port: chosen, folder, command, isReady }));
  }

  get port(): number {
    return this.#program.port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** See ServerProgram. */
  get pid(): number | undefined {
    return this.#program.pid;
  }

  /** Starts it again, with nothing in it. */
  startAgain(): Promise<void> {
    return this.#program.startAgain();
  }

  /** As a crash would be. */
  stop(): Promise<void> {
    return this.#program.stop('SIGKILL');
  }

  /** Harmless when called again. */
  close(): Promise<void> {
    return this.#program.close('SIGKILL');
  }
}

/**
 * The address of a Redis for one test. It may be shared with others: keys and channels need a
 * prefix of the test's own.
 */
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
