import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

/** A program that runs. */
export interface Run {
  readonly process: ChildProcess;
  /** What it wrote so far. */
  readonly output: () => string;
  /** Resolves once it has written this text; rejects where it ends without. */
  says(text: string): Promise<void>;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts programs that end with the test, and whatever they started with them. */
export function programs(t: TestContext): (command: readonly [string, ...string[]], where: Surroundings) => Run {
  return ([program, ...args], where) => {
    // In a group of its own: `go run` and `npx` are programs that start another.
    const child = spawn(program, args, { ...where, detached: true });
    let written = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (written += String(piece)));
    const ended = once(child, 'exit');
    t.after(async () => {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
        process.kill(-child.pid, 'SIGKILL');
      }
      await ended;
    });
    return {
      process: child,
      output: () => written,
      async says(text) {
        const all = (async () => {
          while (!written.includes(text)) await once(child.stdout, 'data');
        })();
        const over = ended.then(() => Promise.reject(new Error(`${program} ended: ${written}`)));
        await Promise.race([all, over]);
      },
    };
  };
}
