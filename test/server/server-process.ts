/** The server as a process of its own, which a test signals. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { PATIENCE, within } from '../support/patience.js';
import type { Scope } from '../support/scope.js';
import { SECRET_KEY } from '../support/secret-key.js';

const COMMAND = fileURLToPath(new URL('../../server/cli/main.js', import.meta.url));

type Line = Readonly<Record<string, unknown>>;

/** A server process that runs, or tried to. */
export interface ServerProcess {
  /**
   * The next line of its log that is as wanted; undefined where it ended without one. Rejects where
   * it says nothing more for long.
   */
  logged(wanted: (line: Line) => boolean): Promise<Line | undefined>;
  /** Where it listens, as its log says. */
  listening(): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** What it ended with, and what it said on its standard error output. */
  readonly ended: Promise<{ readonly code: number | null; readonly complaints: string }>;
}

/** Starts a server in a process; killed when the scope ends. */
export function startProcess(scope: Scope, environment: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, [COMMAND, 'serve'], {
    env: { PORT: '0', SECRET_KEY, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const server: ServerProcess = {
    async logged(wanted) {
      const said: string[] = [];
      for (;;) {
        const next = await within(PATIENCE, lines.next(), () => `it goes on without that, and said ${said.join('\n')}`);
        if (next.done) return undefined;
        said.push(next.value);
        const line = JSON.parse(next.value) as Line;
        if (wanted(line)) return line;
      }
    },
    async listening() {
      const line = await server.logged(({ url }) => url !== undefined);
      if (typeof line?.['url'] !== 'string') throw new Error(`It never listened.\n${complaints}`);
      return line['url'];
    },
    signal: signal => void child.kill(signal),
    ended: closed.then(() => ({ code: child.exitCode, complaints })),
  };
  scope.after(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await closed;
  });
  return server;
}
