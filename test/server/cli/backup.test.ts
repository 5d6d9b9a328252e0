import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { temporaryFolder } from '../../support/temporary-folder.js';
import { ADMIN_TOKEN } from '../admin/operator.js';
import { MAIN, terminalAt } from './chalk-talk.js';
import { standIn } from './stand-in.js';

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`a backup that ${signal} ends leaves nothing behind, and the next one is made`, async t => {
    const folder = await temporaryFolder(t);
    const file = join(folder, 'backup.db');
    let begun = () => {};
    const asked = new Promise<void>(resolve => (begun = resolve));
    let whole = false;
    const server = await standIn(t, (_request, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('12345', begun);
      if (whole) response.end('67890');
    });
    const child = spawn(process.execPath, [MAIN, 'backup', file], {
      env: { CHALK_TALK_URL: server.url, ADMIN_TOKEN },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    await asked;
    assert.equal((await readdir(folder)).length, 1);
    child.kill(signal);
    assert.deepEqual(await ended, [null, signal]);
    assert.deepEqual(await readdir(folder), []);

    whole = true;
    // What a backup left that was killed at once is in nobody's way.
    await writeFile(`${file}.part`, '');
    await terminalAt(server).shows('backup', file);
    assert.equal(await readFile(file, 'utf8'), '1234567890');
  });
}

test('a backup that breaks off is none', async t => {
  const folder = await temporaryFolder(t);
  const server = await standIn(t, (_request, response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('12345', () => response.destroy());
  });
  assert.match(await terminalAt(server).refuses('backup', join(folder, 'b.db')), /\[backup_cut\]/);
  assert.deepEqual(await readdir(folder), []);
});
