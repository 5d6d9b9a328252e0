import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';

import { newPostgresDatabase } from '../../support/postgres-server.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ADMIN_TOKEN } from '../admin/operator.js';
import { startProcess } from '../server-process.js';
import { MAIN } from './chalk-talk.js';

const PAGE = new URL('../../../../docs/command-line.md', import.meta.url);

test('every example of the page works, one after the other', async t => {
  const folder = await temporaryFolder(t);
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await chmod(MAIN, 0o755);
  await symlink(MAIN, join(bin, 'chalk-talk'));
  const database = { DATABASE_URL: `sqlite:${join(folder, 'data', 'chalk-talk.db')}` };
  const url = await startProcess(t, { ADMIN_TOKEN, SECRET_KEY, ...database }).listening();
  const page = await readFile(PAGE, 'utf8');
  const lines = [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trimEnd().split('\n'));
  // The server runs already, with an environment of its own.
  const examples = lines.filter(line => !line.startsWith('export ') && !/\bchalk-talk serve$/.test(line));
  assert.ok(examples.length > 20);
  const servers = new Map([
    ['postgres://chalk@db.example.com/chalk', await newPostgresDatabase(t)],
    ['postgres://chalk@db.example.com/restored', await newPostgresDatabase(t)],
  ]);
  for (const written of examples) {
    const example = written.replace(/postgres:\S+/, named => servers.get(named) ?? named);
    const { status, stderr } = spawnSync('sh', ['-c', example], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: bin + delimiter + (process.env['PATH'] ?? ''), CHALK_TALK_URL: url, ADMIN_TOKEN, SECRET_KEY },
    });
    assert.equal(status, 0, `${example}\n${stderr}`);
  }
});
