import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Revocation } from '../../../../server/domain/site.js';
import { StorageError } from '../../../../server/domain/storage.js';
import { newSiteKey } from '../../../support/tokens.js';
import { type NewHome, site } from './home.js';

const HOUR = 3_600_000;

const revocation = (subject: string, more: Partial<Revocation> = {}): Revocation => ({
  kind: 'person',
  subject,
  revokedAt: 1_000,
  until: null,
  ...more,
});

export function revocationsContract(newHome: NewHome): void {
  test('who and what is revoked is there after opening again, until it is allowed or over', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    const ahead = Date.now() + HOUR;
    await storage.revoke('acme', revocation('ann'));
    await storage.revoke('acme', revocation('ann', { kind: 'token', until: ahead }));
    await storage.revoke('acme', revocation('bob', { until: ahead }));
    await storage.revoke('zeta', revocation('ann'));
    await storage.revoke('acme', revocation('ann', { revokedAt: 2_000, until: ahead }));
    await storage.revoke('acme', revocation('over', { until: Date.now() - 1 }));
    await storage.revoke('acme', revocation('% _/\u00e9\u{1f469}', { kind: 'token' }));
    assert.equal(await storage.allow('acme', 'person', 'bob'), true);
    assert.equal(await storage.allow('acme', 'person', 'bob'), false);
    assert.equal(await storage.allow('acme', 'token', 'bob'), false);
    await storage.close();
    const { revocations } = await (await home.open()).sites();
    const byName = (one: { site: string; kind: string; subject: string }) => `${one.site} ${one.kind} ${one.subject}`;
    assert.deepEqual(
      [...revocations].sort((one, other) => (byName(one) < byName(other) ? -1 : 1)),
      [
        { site: 'acme', ...revocation('ann', { revokedAt: 2_000, until: ahead }) },
        { site: 'acme', ...revocation('% _/\u00e9\u{1f469}', { kind: 'token' }) },
        { site: 'acme', ...revocation('ann', { kind: 'token', until: ahead }) },
        { site: 'zeta', ...revocation('ann') },
      ],
    );
  });

  test('a revocation belongs to a site that is there, and goes with it', async t => {
    const storage = await (await newHome(t)).open();
    await assert.rejects(storage.revoke('initech', revocation('ann')), StorageError);
    await storage.revoke('acme', revocation('ann'));
    await storage.revoke('zeta', revocation('ann'));
    await storage.removeSite('acme');
    await storage.putSite(site('acme'));
    assert.deepEqual((await storage.sites()).revocations, [{ site: 'zeta', ...revocation('ann') }]);
  });

  test('a revoked public key is known again by its fingerprint, at its site', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    const { key } = newSiteKey('acme', false, 'EdDSA');
    await storage.addKey(key);
    assert.equal(await storage.revokedBefore('acme', 'a print'), undefined);
    await storage.revokeKey('acme', key.kid, 'a print');
    await storage.revokeKey('acme', key.kid);
    await storage.addKey(newSiteKey('acme').key);
    await storage.close();
    const again = await home.open();
    assert.equal(await again.revokedBefore('acme', 'a print'), key.kid);
    assert.equal(await again.revokedBefore('acme', 'another'), undefined);
    assert.equal(await again.revokedBefore('zeta', 'a print'), undefined);
  });

  test('chance is drawn for a site once, and anew for a later site of the same id', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    const nonce = await storage.putSite(site('initech'));
    assert.match(nonce, /^[0-9A-F]{32}$/);
    assert.equal(await storage.putSite(site('initech', { name: 'Initech' })), nonce);
    await storage.close();
    const again = await home.open();
    const { sites, nonces } = await again.sites();
    assert.equal(nonces.get('initech'), nonce);
    assert.equal(new Set(nonces.values()).size, sites.length);
    await again.removeSite('initech');
    assert.equal((await again.sites()).nonces.get('initech'), undefined);
    assert.notEqual(await again.putSite(site('initech')), nonce);
  });
}
