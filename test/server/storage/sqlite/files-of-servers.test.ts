/** What becomes of a server process whose database can not be used. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { temporaryFolder } from '../../../support/temporary-folder.js';
import { startProcess } from '../../server-process.js';

test('a file that can not be used ends the process before it listens, and is named with the reason', async t => {
  const file = join(await temporaryFolder(t), 'chalk-talk.db');
  await writeFile(file, 'Dear friend, '.repeat(2_000));
  const { code, complaints } = await startProcess(t, { DATABASE_URL: `sqlite:${file}` }).ended;
  assert.equal(code, 1);
  assert.match(complaints, /^The server can't start: .*chalk-talk\.db is no database of Chalk Talk.*restore a backup/);
});

test('nor can the file of another server, which goes on', async t => {
  const environment = { DATABASE_URL: `sqlite:${join(await temporaryFolder(t), 'chalk-talk.db')}` };
  const url = await startProcess(t, environment).listening();
  const { code, complaints } = await startProcess(t, environment).ended;
  assert.equal(code, 1);
  assert.match(complaints, /Another program is using .*chalk-talk\.db/);
  const answer = await fetch(`${url}/readyz`);
  assert.equal(answer.status, 200, await answer.text());
});
