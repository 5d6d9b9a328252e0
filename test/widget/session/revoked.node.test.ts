/** What becomes of a session whose person, or whose token, the site admits no more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startBackend } from '../../support/backend.js';
import { enter, reaches, sentTexts } from './people.js';

test('a session of a revoked person says why and tries nothing more; others go on', async t => {
  const backend = await startBackend(t);
  let asked = 0;
  const ann = enter(t, backend, {
    person: 'ann',
    getToken: () => {
      asked += 1;
      return backend.token({ forServers: true, person: 'ann' });
    },
  });
  const bob = enter(t, backend, { person: 'bob' });
  await Promise.all([reaches(ann, 'connected'), reaches(bob, 'connected')]);
  await backend.app.sites.revocations.revoke('acme', 'person', 'ann');
  await reaches(ann, 'refused');
  assert.equal(ann.refusal?.code, 'person_revoked');
  bob.send('still here');
  assert.deepEqual(await sentTexts(bob, 1), ['still here']);
  assert.equal(ann.status, 'refused');
  assert.equal(asked, 1);
});

test('a session whose token is revoked goes on with another one, and with no other says why', async t => {
  const backend = await startBackend(t);
  const tokens = [1, 2].map(jti => backend.token({ forServers: true, person: 'ann', claims: { jti: `${jti}` } }));
  let asked = 0;
  const ann = enter(t, backend, {
    getToken: async () => {
      asked += 1;
      return (await tokens[Math.min(asked, tokens.length) - 1]) ?? '';
    },
  });
  await reaches(ann, 'connected');
  const { revocations } = backend.app.sites;
  await revocations.revoke('acme', 'token', '1');
  await reaches(ann, 'reconnecting');
  await reaches(ann, 'connected');
  ann.send('with another token');
  assert.deepEqual(await sentTexts(ann, 1), ['with another token']);
  assert.equal(asked, 2);
  await revocations.revoke('acme', 'token', '2');
  await reaches(ann, 'refused');
  assert.equal(ann.refusal?.code, 'token_revoked');
});
