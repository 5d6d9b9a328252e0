/**
 * A real PostgreSQL for tests: one that is given by TEST_DATABASE_URL, or else one started from the
 * programs of this machine.
 */
import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import pg from 'pg';

import { randomId } from '../../protocol/names.js';
import { findProgram, freePort, ServerProgram } from './programs.js';
import type { Scope } from './scope.js';

const run = promisify(execFile);

export interface PostgresOptions {
  /** Whether a commit waits for the disk, as in earnest; default not, which is faster. */
  readonly durable?: boolean;
  /** Default: one that is free. */
  readonly port?: number;
}

/** The user that runs PostgreSQL where this process is root: PostgreSQL refuses to run as root. */
const USER = 'postgres';
const CONNECTIONS = 400;

/** A PostgreSQL on a port and in a folder of its own. */
export class PostgresServer {
  readonly #program: ServerProgram;

  private constructor(program: ServerProgram) {
    this.#program = program;
  }

  /** @throws ProgramMissingError */
  static async start({ durable, port }: PostgresOptions = {}): Promise<PostgresServer> {
    const [initdb, postgres] = [await findProgram('initdb'), await findProgram('postgres')];
    const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-postgres-'));
    const asUser = await otherUser(folder);
    const data = join(folder, 'data');
    const [first, ...rest] = [...asUser, initdb];
    await run(first, [...rest, '-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
    const chosen = port ?? (await freePort());
    const settings = {
      port: chosen,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: folder,
      max_connections: CONNECTIONS,
      shared_buffers: '128MB',
      ...(durable !== true && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const command = [...asUser, postgres, '-D', data, ...options];
    return new PostgresServer(await ServerProgram.start({ port: chosen, folder, command, isReady }));
  }

  get port(): number {
    return this.#program.port;
  }

  /** See ServerProgram. */
  get pid(): number | undefined {
    return this.#program.pid;
  }

  url(database = USER): string {
    return `postgres://${USER}@127.0.0.1:${this.port}/${database}`;
  }

  /** Starts it again on the same data. */
  startAgain(): Promise<void> {
    return this.#program.startAgain();
  }

  /** `immediate` is as a crash would be; `fast` cuts everyone off in order. Its data stay. */
  stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    return this.#program.stop(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }

  /** Stops it and removes its data. Harmless when called again. */
  close(): Promise<void> {
    return this.#program.close('SIGQUIT');
  }
}

/** The address of an empty database for one test, which is gone after it. */
export async function newPostgresDatabase(t: Scope): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given === undefined) {
    const server = await PostgresServer.start();
    t.after(() => server.close());
    return server.url();
  }
  const name = `test_${randomId(12).replaceAll('-', '_').toLowerCase()}`;
  await query(given, `CREATE DATABASE "${name}"`);
  t.after(() => query(given, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
  const url = new URL(given);
  url.pathname = `/${name}`;
  return url.href;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function isReady(line: string): boolean {
  return line.includes('database system is ready to accept connections');
}

/**
 * The words before a command by which USER runs it where this process is root; none elsewhere. The
 * folder then belongs to USER.
 */
async function otherUser(folder: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const idOf = async (flag: string) => Number((await run('id', [flag, USER])).stdout);
  await chown(folder, await idOf('-u'), await idOf('-g'));
  await chmod(folder, 0o700);
  return [await findProgram('setpriv'), `--reuid=${USER}`, `--regid=${USER}`, '--init-groups', '--'];
}
