import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../../server/cli/main.js', import.meta.url));

test('who has read enough ends a command without a complaint', async () => {
  const child = spawn(process.execPath, [COMMAND, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  await once(child, 'close');
  assert.deepEqual([child.exitCode, complaints], [0, '']);
});
