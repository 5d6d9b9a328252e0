import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { Scope } from '../support/backend.js';

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url));

async function run(t: Scope, environment: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-'));
  const child = spawn(process.execPath, [MAIN], {
    env: { DATA_DIR: folder, PORT: '0', SECRET_KEY: 'x'.repeat(32), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  t.after(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  return { child, exitCode: ended.then(([code]) => code as number | null) };
}

/** Where it listens, as its log says. */
async function listening({ stdout }: ChildProcess): Promise<string> {
  assert.ok(stdout);
  for await (const line of createInterface({ input: stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) return url;
  }
  return assert.fail('it never listened');
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`the process serves until ${signal}, then ends well`, async t => {
    const { child, exitCode } = await run(t, {});
    const url = await listening(child);
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    child.kill(signal);
    assert.equal(await exitCode, 0);
  });
}

test('an environment that does not suit ends it with the reasons', async t => {
  const { child, exitCode } = await run(t, { SECRET_KEY: '', PORT: 'x' });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  assert.equal(await exitCode, 1);
  assert.match(said, /PORT is no port number/);
  assert.match(said, /SECRET_KEY is missing/);
});

test('a port that is taken ends it', async t => {
  const first = await run(t, {});
  const { port } = new URL(await listening(first.child));
  const second = await run(t, { PORT: port });
  second.child.stdout.resume();
  assert.equal(await second.exitCode, 1);
});
