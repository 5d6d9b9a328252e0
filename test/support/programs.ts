import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

import { PATIENCE, within } from './patience.js';

/** A program that a test needs is not on this machine. */
export class ProgramMissingError extends Error {
  override readonly name = 'ProgramMissingError';
}

/** Where Debian keeps what is not on everybody's PATH. */
const POSTGRES_HOMES = '/usr/lib/postgresql';

/**
 * The path of a program of PATH, or of the newest PostgreSQL that is installed.
 * @throws ProgramMissingError
 */
export async function findProgram(name: string, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const versions = (await readdir(POSTGRES_HOMES).catch(() => [])).sort((one, other) => Number(other) - Number(one));
  const folders = [
    ...(environment['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    ...versions.map(version => join(POSTGRES_HOMES, version, 'bin')),
  ];
  for (const folder of folders) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new ProgramMissingError(`${name} is not on this machine.`);
}

/** A port of this machine that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts a program and waits until it has said that it is ready.
 *
 * @param isReady judges each line of what it says
 * @throws Error with what it said, where it ends first, or is not ready for long
 */
export async function startProgram(
  [program = '', ...args]: readonly string[],
  isReady: (line: string) => boolean,
): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${program} has ended:\n${said.join('\n')}`)));
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', line => {
        if (said.length < 100) said.push(line);
        if (isReady(line)) resolve();
      });
    }
  });
  try {
    await within(PATIENCE, ready, () => `${program} is not ready:\n${said.join('\n')}`);
  } catch (fault) {
    child.kill('SIGKILL');
    throw fault;
  }
  return child;
}

/** Ends a program by a signal, and waits until it has ended. Harmless where it has. */
export async function endProgram(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

export interface ServerProgramOptions {
  readonly port: number;
  /** Its own: it goes with it. */
  readonly folder: string;
  readonly command: readonly string[];
  /** Judges each line of what it says. */
  readonly isReady: (line: string) => boolean;
}

/** A server on a port and in a folder of its own, which can be stopped and started again. */
export class ServerProgram {
  readonly port: number;
  readonly #options: ServerProgramOptions;
  #process: ChildProcess;

  private constructor(options: ServerProgramOptions, child: ChildProcess) {
    this.port = options.port;
    this.#options = options;
    this.#process = child;
  }

  static async start(options: ServerProgramOptions): Promise<ServerProgram> {
    return new ServerProgram(options, await startProgram(options.command, options.isReady));
  }

  /** For signals to the program itself: SIGSTOP and SIGCONT freeze it and let it go on. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  async startAgain(): Promise<void> {
    this.#process = await startProgram(this.#options.command, this.#options.isReady);
  }

  /** Harmless where it has ended. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    await endProgram(this.#process, signal);
  }

  /** Stops it and removes its folder. Harmless when called again. */
  async close(signal: NodeJS.Signals): Promise<void> {
    await this.stop(signal);
    await rm(this.#options.folder, { recursive: true, force: true });
  }
}
