/** The command as a process of its own, as an operator runs it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { App, AppOptions } from '../../../server/app.js';
import { ADMIN_TOKEN, type Answer } from '../admin/operator.js';
import { loneApp } from '../http/lone-app.js';

export const MAIN = fileURLToPath(new URL('../../../server/cli/main.js', import.meta.url));

/** A moment as the command shows it, as part of a regular expression. */
export const MOMENT = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC \\([^)]+\\)';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly complaints: string;
}

/** Runs the command to its end, with nothing in its environment but this. */
export async function chalkTalk(environment: Readonly<Record<string, string>>, ...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...words], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, complaints] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output, complaints };
}

/** A running server with the site `acme`, and its operator at a terminal. */
export async function terminal(t: TestContext, options: Partial<AppOptions> = {}) {
  const app = await loneApp(t, { adminToken: ADMIN_TOKEN, ...options });
  return { app, ...terminalAt(app) };
}

export function terminalAt({ url }: Pick<App, 'url'>) {
  const type = (...words: string[]) => chalkTalk({ CHALK_TALK_URL: url, ADMIN_TOKEN }, ...words);
  return {
    type,
    /** What is shown, where it must work. */
    shows: async (...words: string[]): Promise<string> => {
      const { code, output, complaints } = await type(...words);
      assert.equal(code, 0, complaints);
      assert.equal(complaints, '');
      return output;
    },
    /** What is answered to a program, where it must work. */
    answers: async (...words: string[]): Promise<Answer> => {
      const { code, output, complaints } = await type(...words, '--json');
      assert.equal(code, 0, complaints);
      return JSON.parse(output) as Answer;
    },
    /** What is complained of, where it must not work. */
    refuses: async (...words: string[]): Promise<string> => {
      const { code, output, complaints } = await type(...words);
      assert.equal(code, 1, output);
      assert.equal(output, '');
      return complaints;
    },
  };
}
