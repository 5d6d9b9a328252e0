import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import { HeldRevocations } from '../../../server/auth/held-revocations.js';
import { type SiteChange, SiteDirectory } from '../../../server/auth/site-directory.js';
import { StorageError } from '../../../server/domain/storage.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { signToken } from '../../support/tokens.js';
import { HOUR, setUp } from './verifying.js';

const DAY = 24 * HOUR;

test('a person who is revoked is refused with every token, at that site alone, until they are allowed', async t => {
  const { sites, key, verdict } = await setUp(t);
  const ann = (claims = {}, site = 'acme') => signToken(key(site), { person: 'ann', claims });
  const remembered = await ann();
  assert.equal(await verdict(remembered), 'ann');
  await sites.revocations.revoke('acme', 'person', 'ann');
  for (const token of [
    remembered,
    await ann({ jti: 'new' }),
    await signToken(key('acme', 'ES256'), { person: 'ann' }),
  ]) {
    assert.equal(await verdict(token), 'person_revoked');
  }
  assert.equal(await verdict(await ann({}, 'globex'), 'globex'), 'ann');
  assert.equal(await verdict(await signToken(key('acme'), { person: 'anna' })), 'anna');
  await sites.revocations.allow('acme', 'person', 'ann');
  assert.equal(await verdict(remembered), 'ann');
  await assert.rejects(sites.revocations.allow('acme', 'person', 'ann'), { code: 'invalid_input' });
});

test('a token that is revoked is refused, and no other of the same person', async t => {
  const { sites, key, verdict } = await setUp(t);
  const ann = (jti: string, site = 'acme') => signToken(key(site), { person: 'ann', claims: { jti } });
  const [first, second, elsewhere] = [await ann('1'), await ann('2'), await ann('1', 'globex')];
  assert.equal(await verdict(first), 'ann');
  await sites.revocations.revoke('acme', 'token', '1');
  assert.equal(await verdict(first), 'token_revoked');
  assert.equal(await verdict(second), 'ann');
  assert.equal(await verdict(elsewhere, 'globex'), 'ann');
  assert.equal(await verdict(await signToken(key('acme'), { person: '1' })), '1', 'no id of a person');
  await sites.revocations.allow('acme', 'token', '1');
  assert.equal(await verdict(first), 'ann');
});

test('before the signature is verified nobody learns who is revoked', async t => {
  const { sites, key, verdict } = await setUp(t);
  await sites.revocations.revoke('acme', 'person', 'ann');
  const [head, body] = (await signToken(key('acme'), { person: 'ann' })).split('.');
  const [, , foreign] = (await signToken(key('acme'), { person: 'bob' })).split('.');
  assert.equal(await verdict([head, body, foreign].join('.')), 'token_invalid');
});

test('a guest who is revoked is refused, and does not come back as somebody else', async t => {
  const { sites, guests, tokens, clock, verdict } = await setUp(t);
  const token = await guests.sign('acme', 'Zoe', undefined, clock.now());
  const { person } = await tokens.verify('acme', token);
  await sites.revocations.revoke('acme', 'person', person.id);
  assert.equal(await verdict(token), 'person_revoked');
  for (const days of [0, 1, 60]) {
    clock.advance(days * DAY);
    await assert.rejects(guests.sign('acme', 'Zoe', token, clock.now()), { code: 'person_revoked' }, `${days} days`);
  }
  await sites.revocations.allow('acme', 'person', person.id);
  assert.match(await verdict(await guests.sign('acme', 'Zoe', token, clock.now())), /^guest:/);
});

test('a revocation that has an end ends by itself', async t => {
  const { sites, clock, key, verdict } = await setUp(t);
  const token = await signToken(key('acme'), { person: 'ann', lifetime: 2 * 3_600 });
  const until = clock.now() + HOUR;
  await sites.revocations.revoke('acme', 'person', 'ann', until);
  assert.deepEqual(sites.revocations.of('acme'), [{ kind: 'person', subject: 'ann', revokedAt: clock.now(), until }]);
  clock.advance(HOUR - 1);
  assert.equal(await verdict(token), 'person_revoked');
  clock.advance(1);
  assert.equal(await verdict(token), 'ann');
  assert.deepEqual(sites.revocations.of('acme'), []);
  await assert.rejects(sites.revocations.allow('acme', 'person', 'ann'), { code: 'invalid_input' });
  await assert.rejects(sites.revocations.revoke('acme', 'person', 'ann', until), { code: 'invalid_input' });
});

test("a token's revocation outlives the token, and not by much", async t => {
  const { sites, clock, key, verdict } = await setUp(t);
  // The longest life, from a signer whose clock is as fast as it may be.
  const iat = Math.floor(clock.now() / 1_000) + LIMITS.clockSkew;
  const claims = { jti: '1', iat, exp: iat + LIMITS.tokenLifetime };
  const token = await signToken(key('acme'), { person: 'ann', claims });
  await sites.revocations.revoke('acme', 'token', '1');
  const codes = new Set<string>();
  for (let looks = 0; looks < 20 && sites.revocations.has('acme', 'token', '1'); looks += 1) {
    // Far from its end it can't be otherwise.
    const left = (sites.revocations.of('acme')[0]?.until ?? 0) - clock.now();
    if (left > 5_000) clock.advance(left - 5_000);
    codes.add(await verdict(token));
    clock.advance(500);
  }
  assert.ok(!sites.revocations.has('acme', 'token', '1'));
  assert.ok(codes.delete('token_revoked'));
  codes.delete('token_expired');
  assert.deepEqual([...codes], []);
  assert.equal(await verdict(token), 'token_expired');
  assert.ok(clock.now() - iat * 1_000 < DAY + 60_000);
});

test('who is revoked while their token is verified is refused', async t => {
  // A storage that nobody else changes need not be asked first.
  const own = await openSqlite({ file: ':memory:', secretKey: SECRET_KEY });
  t.after(() => own.close());
  const { storage, sites, tokens, key } = await setUp(t, own);
  // Kept at once: before any signature is verified.
  t.mock.method(storage, 'revoke', () => Promise.resolve());
  for (const [kind, subject, code] of [
    ['person', 'ann', 'person_revoked'],
    ['token', '1', 'token_revoked'],
  ] as const) {
    const token = await signToken(key('acme'), { person: kind === 'person' ? 'ann' : 'bob', claims: { jti: '1' } });
    let isVerified = false;
    const verified = tokens.verify('acme', token).finally(() => {
      isVerified = true;
    });
    await sites.revocations.revoke('acme', kind, subject);
    assert.equal(isVerified, false);
    await assert.rejects(verified, { code });
  }
});

test('it is kept before it holds, and holds before it is told; what is not kept does not hold', async t => {
  const { storage, sites } = await setUp(t);
  const full = t.mock.method(storage, 'revoke', () => Promise.reject(new StorageError('The disk is full.')));
  const told: (readonly [SiteChange, boolean])[] = [];
  sites.listen(change => told.push([change, sites.revocations.has('acme', 'person', 'ann')]));
  await assert.rejects(sites.revocations.revoke('acme', 'person', 'ann'), StorageError);
  assert.equal(sites.revocations.has('acme', 'person', 'ann'), false);
  assert.deepEqual(told, []);
  full.mock.restore();
  await sites.revocations.revoke('acme', 'person', 'ann');
  assert.deepEqual(told, [[{ type: 'person-revoked', site: 'acme', subject: 'ann' }, true]]);
  assert.equal((await storage.sites()).revocations.length, 1);
});

test('it holds after a start, and what another process revoked after a reload', async t => {
  const { storage, sites, clock } = await setUp(t);
  await sites.revocations.revoke('acme', 'person', 'ann');
  const again = await SiteDirectory.load(storage, () => clock.now());
  assert.deepEqual(again.revocations.of('acme'), sites.revocations.of('acme'));
  const changes: SiteChange[] = [];
  sites.listen(change => changes.push(change));
  await again.revocations.revoke('globex', 'token', '1');
  await again.revocations.allow('acme', 'person', 'ann');
  await sites.reload();
  assert.deepEqual(
    changes.filter(({ type }) => type.endsWith('-revoked')),
    [{ type: 'token-revoked', site: 'globex', subject: '1' }],
  );
  assert.equal(sites.revocations.has('acme', 'person', 'ann'), false);
});

test('a site that is removed and made again has revoked nobody', async t => {
  const { storage, sites, clock } = await setUp(t);
  const acme = sites.site('acme') ?? assert.fail();
  await sites.revocations.revoke('acme', 'person', 'ann');
  await sites.removeSite('acme');
  await assert.rejects(sites.revocations.revoke('acme', 'person', 'bob'), { code: 'site_unknown' });
  await sites.createSite(acme);
  assert.deepEqual(sites.revocations.of('acme'), []);
  assert.deepEqual((await SiteDirectory.load(storage, () => clock.now())).revocations.of('acme'), []);
});

test('what nobody can be called is not revoked', async t => {
  const { sites } = await setUp(t);
  for (const subject of ['', 'ann lee', 'ann\n', 'änn', 'x'.repeat(129)]) {
    await assert.rejects(sites.revocations.revoke('acme', 'person', subject), { code: 'invalid_input' }, subject);
  }
  for (const subject of ['', '\ud800', 'x'.repeat(129)]) {
    await assert.rejects(sites.revocations.revoke('acme', 'token', subject), { code: 'invalid_input' }, subject);
  }
});

test('a site has so many and no more; what has ended makes room', () => {
  const held = new HeldRevocations(2);
  const add = (subject: string, until: number | null, now: number, site = 'acme') => {
    const revocation = { kind: 'person', subject, revokedAt: now, until } as const;
    held.refuseTooMany(site, revocation, now);
    held.put(site, revocation);
  };
  add('ann', null, 1);
  add('bob', 10, 2);
  assert.throws(() => add('cay', null, 9), { code: 'too_large', message: /2 revocations/ });
  add('bob', 20, 9);
  add('cay', null, 9, 'globex');
  assert.throws(() => add('cay', null, 19), { code: 'too_large' });
  add('cay', null, 20);
  assert.deepEqual(
    held.of('acme', 20).map(({ subject }) => subject),
    ['cay', 'ann'],
  );
});
