import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GuestTokens } from '../../../server/auth/guest-tokens.js';
import { SiteDirectory } from '../../../server/auth/site-directory.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { signToken } from '../../support/tokens.js';
import { HOUR, setUp } from './verifying.js';

test("a guest's token holds as long as the site's rules do", async t => {
  const { sites, guests, tokens, verdict, clock } = await setUp(t);
  const token = await guests.sign('acme', 'Zoe', undefined, clock.now());
  const zoe = await tokens.verify('acme', token);
  assert.match(zoe.person.id, /^guest:[A-Za-z0-9_-]{16}$/);
  assert.equal(zoe.person.guest, true);
  assert.equal(zoe.forServers, false);
  assert.equal(zoe.grants.roleIn('lobby'), 'viewer');
  assert.equal(zoe.grants.roleIn('attic'), undefined);
  assert.equal(await verdict(token, 'globex'), 'token_invalid');

  const acme = sites.site('acme');
  assert.ok(acme);
  await sites.putSite({ ...acme, guests: { attic: 'member' } });
  const { grants } = await tokens.verify('acme', token);
  assert.equal(grants.roleIn('lobby'), undefined);
  assert.equal(grants.roleIn('attic'), 'member');
  await sites.putSite({ ...acme, guests: {} });
  assert.equal(await verdict(token), 'guests_not_allowed');
});

test('a guest stays the same person for thirty days', async t => {
  const { sites, guests, tokens, key, clock } = await setUp(t);
  const idOf = async (token: string) => (await tokens.verify('acme', token)).person.id;
  const first = await guests.sign('acme', 'Zoe', undefined, clock.now());
  const zoe = await idOf(first);
  assert.equal(await idOf(await guests.sign('acme', 'Zoë', first, clock.now())), zoe);
  for (const foreign of [
    'hello',
    await guests.sign('globex', 'Zoe', undefined, clock.now()),
    await signToken(key('acme'), { person: 'ann' }),
    await new GuestTokens('another secret', sites).sign('acme', 'Zoe', undefined, clock.now()),
  ]) {
    assert.notEqual(await idOf(await guests.sign('acme', 'Eve', foreign, clock.now())), zoe);
  }
  clock.advance(30 * 24 * HOUR);
  assert.equal(await idOf(await guests.sign('acme', 'Zoe', first, clock.now())), zoe);
  clock.advance(2 * HOUR);
  assert.notEqual(await idOf(await guests.sign('acme', 'Zoe', first, clock.now())), zoe);
});

test('renewing a token does not make a guest last longer', async t => {
  const { guests, tokens, clock } = await setUp(t);
  const idOf = async (token: string) => (await tokens.verify('acme', token)).person.id;
  let token = await guests.sign('acme', 'Zoe', undefined, clock.now());
  const zoe = await idOf(token);
  for (let day = 0; day < 30; day += 1) {
    clock.advance(24 * HOUR);
    token = await guests.sign('acme', 'Zoe', token, clock.now());
    assert.equal(await idOf(token), zoe);
  }
  clock.advance(1_000);
  assert.notEqual(await idOf(await guests.sign('acme', 'Zoe', token, clock.now())), zoe);
});

test("a guest's token goes with its site: a later site of the same id knows nobody", async t => {
  const { storage, sites, guests, tokens, clock, verdict } = await setUp(t);
  const acme = sites.site('acme') ?? assert.fail();
  const token = await guests.sign('acme', 'Zoe', undefined, clock.now());
  const zoe = (await tokens.verify('acme', token)).person.id;
  await sites.putSite({ ...acme, name: 'Acme Inc' });
  assert.equal(await verdict(token), zoe);
  const restarted = new GuestTokens(SECRET_KEY, await SiteDirectory.load(storage));
  assert.ok(await restarted.verify('acme', token), 'it holds over a start');
  await sites.removeSite('acme');
  assert.equal(await verdict(token), 'token_invalid');
  await assert.rejects(guests.sign('acme', 'Zoe', token, clock.now()), { code: 'site_unknown' });
  await sites.createSite(acme);
  assert.equal(await verdict(token), 'token_invalid');
  const next = await tokens.verify('acme', await guests.sign('acme', 'Zoe', token, clock.now()));
  assert.notEqual(next.person.id, zoe);
});
