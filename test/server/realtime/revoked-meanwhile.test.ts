import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { TokenVerifier } from '../../../server/auth/token-verifier.js';
import { startBackend } from '../../support/backend.js';
import { codeOf, Talker } from '../../support/talker.js';

/**
 * Does something once, just after the next token was found good and before anything is done about
 * that.
 */
function afterVerification(t: TestContext, meanwhile: () => Promise<unknown>): void {
  const verify = Reflect.get<typeof TokenVerifier.prototype, 'verify'>(TokenVerifier.prototype, 'verify');
  const mocked = t.mock.method(
    TokenVerifier.prototype,
    'verify',
    async function (this: TokenVerifier, ...args: Parameters<typeof verify>) {
      mocked.mock.restore();
      const identity = await verify.apply(this, args);
      await meanwhile();
      return identity;
    },
  );
}

suite('between the verification of a token and the welcome', () => {
  for (const [what, code] of [
    ['person', 'person_revoked'],
    ['token', 'token_revoked'],
    ['key', 'token_invalid'],
    ['site', 'site_unknown'],
    ['origin', 'origin_not_allowed'],
  ] as const) {
    test(`its ${what} may go: nobody stays`, async t => {
      const backend = await startBackend(t);
      const { sites } = backend.app;
      const acme = sites.site('acme') ?? assert.fail();
      const { key } = (backend.keys.get('acme') ?? assert.fail()).page;
      const token = await backend.token({ person: 'ann', claims: { jti: '1' } });
      const goes: Readonly<Record<typeof what, () => Promise<unknown>>> = {
        person: () => sites.revocations.revoke('acme', 'person', 'ann'),
        token: () => sites.revocations.revoke('acme', 'token', '1'),
        key: () => sites.revokeKey('acme', key.kid),
        site: () => sites.removeSite('acme'),
        origin: () => sites.putSite({ ...acme, origins: [] }),
      };
      afterVerification(t, goes[what]);
      const ann = new Talker(backend.connect({ token }));
      assert.equal((await ann.hears('bye')).code, code);
      await ann.ended();
    });
  }
});

test('a new token that is revoked while a refresh is under way is not taken', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann', claims: { jti: '1' } });
  const token = await backend.token({ person: 'ann', claims: { jti: '2' } });
  afterVerification(t, () => backend.app.sites.revocations.revoke('acme', 'token', '2'));
  assert.equal(codeOf(await ann.ask('refresh', { token })), 'token_revoked');
  await ann.join('lobby');
});

test('who is revoked while a refresh is under way is out, whatever the new token says', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann', claims: { jti: '1' } });
  await ann.join('lobby');
  const token = await backend.token({ person: 'ann', claims: { jti: '2' } });
  let revoked: Promise<unknown> | undefined;
  afterVerification(t, () => (revoked = backend.app.sites.revocations.revoke('acme', 'person', 'ann')));
  const refreshed = ann.ask('refresh', { token });
  await Promise.all([
    ann.hears('bye', ({ code }) => code === 'person_revoked'),
    ann.ended(),
    assert.rejects(refreshed, /disconnected/),
  ]);
  // Where there are other nodes: until they know of it too.
  await revoked;
  assert.equal((await new Talker(backend.connect({ token })).refused())?.code, 'person_revoked');
});

test('whose token is revoked while its successor is verified is out as well', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann', claims: { jti: '1' } });
  const token = await backend.token({ person: 'ann', claims: { jti: '2' } });
  afterVerification(t, () => backend.app.sites.revocations.revoke('acme', 'token', '1'));
  const refreshed = ann.ask('refresh', { token });
  await Promise.all([
    ann.hears('bye', ({ code }) => code === 'token_revoked'),
    assert.rejects(refreshed, /disconnected/),
  ]);
  const again = new Talker(backend.connect({ token }));
  await again.hears('welcome');
  assert.equal(codeOf(await again.ask('join', { room: 'lobby' })), undefined);
});
