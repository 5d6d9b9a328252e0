import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Battlefield } from './battlefield.js';

/** What opens a connection to somewhere else. */
const REACHES_OUT =
  /\bfetch\(|\b(?:http|https|net|tls|dgram|dns)\.(?:get|request|connect|lookup|resolve)\b|from 'undici'/;

test('9. Addresses that the server is made to fetch', async t => {
  const field = await Battlefield.open(t);
  const server = fileURLToPath(new URL('../../server/', import.meta.url));
  const paths = await readdir(server, { recursive: true });
  // The command is a client of the server, by an address that its own operator gives.
  const programs = paths.filter(path => path.endsWith('.js') && !path.startsWith('cli/'));
  assert.ok(programs.length > 50);
  const reaching: string[] = [];
  for (const path of programs) if (REACHES_OUT.test(await readFile(server + path, 'utf8'))) reaching.push(path);
  assert.deepEqual(reaching, [], 'the server fetches something: it is to be attacked here');
  field.note(
    'webhooks and link previews that lead inside',
    'not there: nothing of the server opens an address of others',
  );
});
