import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { ORIGIN } from '../../support/backend.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ADMIN_TOKEN } from '../admin/operator.js';
import { codeOf } from '../http/asking.js';
import { startProcess } from '../server-process.js';
import { chalkTalk, terminalAt } from './chalk-talk.js';

/** A server process over a database, and its operator. */
async function serve(t: TestContext, file: string) {
  const server = startProcess(t, { ADMIN_TOKEN, DATABASE_URL: `sqlite:${file}` });
  const url = await server.listening();
  return {
    server,
    operator: terminalAt({ url }),
    /** What a page is answered with this token. */
    answerTo: async (token: unknown) => {
      const headers = { origin: ORIGIN, authorization: `Bearer ${String(token)}` };
      return codeOf(await fetch(`${url}/v1/sites/acme/check?protocol=1&room=lobby`, { headers }));
    },
  };
}

test('what was revoked stays so when the server is killed at once, and in a backup', async t => {
  const folder = await temporaryFolder(t);
  const [file, backup, elsewhere] = ['first/chalk-talk.db', 'backup.db', 'new/folder/chalk-talk.db'].map(name =>
    join(folder, name),
  ) as [string, string, string];
  const first = await serve(t, file);
  const { shows, answers } = first.operator;
  await shows('sites', 'add', 'acme', '--origin', ORIGIN);
  for (const kid of ['good', 'leaked']) await shows('keys', 'add', 'acme', '--kid', kid);
  const sign = (person: string, kid = 'good') =>
    answers('tokens', 'sign', 'acme', '--person', person, '--room', 'lobby=member', '--kid', kid);
  const tokens = await Promise.all([sign('ann'), sign('bob'), sign('bob'), sign('cay', 'leaked')]);
  const [ofAnn, revoked, ofBob, leaked] = tokens.map(({ token }) => token);
  const verdicts = async ({ answerTo }: Pick<typeof first, 'answerTo'>) =>
    Promise.all([ofAnn, revoked, ofBob, leaked].map(answerTo));
  assert.deepEqual(await verdicts(first), [undefined, undefined, undefined, undefined]);

  await shows('people', 'revoke', 'acme', 'ann', '--for', '7d');
  await shows('tokens', 'revoke', 'acme', String(tokens[1]['jti']));
  await shows('keys', 'revoke', 'acme', 'leaked');
  first.server.signal('SIGKILL');
  await first.server.ended;
  const expected = ['person_revoked', 'token_revoked', undefined, 'token_invalid'];
  const second = await serve(t, file);
  assert.deepEqual(await verdicts(second), expected);

  await second.operator.shows('backup', backup);
  await second.operator.shows('people', 'allow', 'acme', 'ann');
  const restored = await chalkTalk({ SECRET_KEY, DATABASE_URL: `sqlite:${elsewhere}` }, 'restore', backup);
  assert.equal(restored.code, 0, restored.complaints);
  for (const made of ['new', 'new/folder']) assert.equal((await stat(join(folder, made))).mode & 0o777, 0o700, made);
  assert.deepEqual(await verdicts(await serve(t, elsewhere)), expected);
  assert.deepEqual(await verdicts(second), [undefined, ...expected.slice(1)]);
});
