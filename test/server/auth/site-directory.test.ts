import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';

import { type SiteChange, SiteDirectory } from '../../../server/auth/site-directory.js';
import { isOrigin, judgeOrigin } from '../../../server/auth/origin.js';
import type { KeyAlgorithm, Site } from '../../../server/domain/site.js';
import { newStorage } from '../../support/place.js';
import type { Scope } from '../../support/scope.js';
import { newSiteKey } from '../../support/tokens.js';
import { site } from '../storage/contract/home.js';

const ACME = site('acme', { origins: ['https://acme.example'] });

async function setUp(scope: Scope) {
  const storage = await newStorage(scope);
  const sites = await SiteDirectory.load(storage);
  await sites.putSite(ACME);
  return { storage, sites };
}

test('what is changed here holds at once, is told, and is kept', async t => {
  const { storage, sites } = await setUp(t);
  const changes: SiteChange[] = [];
  const stop = sites.listen(change => changes.push(change));
  const { key } = newSiteKey('acme');
  await sites.addKey(key);
  await sites.putSite({ ...ACME, name: 'Acme Inc' });
  await sites.revokeKey('acme', key.kid);
  assert.equal(sites.key('acme', key.kid), undefined);
  stop();
  await sites.putSite(ACME);
  assert.deepEqual(changes, [
    { type: 'site', site: { ...ACME, name: 'Acme Inc' } },
    { type: 'key-revoked', site: 'acme', kid: key.kid },
  ]);
  const again = await SiteDirectory.load(storage);
  assert.deepEqual(again.site('acme'), ACME);
  assert.equal(again.key('acme', key.kid), undefined);
});

test('what another process changed is known after a reload', async t => {
  const { storage, sites } = await setUp(t);
  const { key } = newSiteKey('acme');
  await sites.addKey(key);
  const changes: SiteChange[] = [];
  sites.listen(change => changes.push(change));
  await storage.revokeKey('acme', key.kid);
  await sites.reload();
  assert.equal(sites.key('acme', key.kid), undefined);
  assert.ok(changes.some(change => change.type === 'key-revoked' && change.kid === key.kid));
});

test('a site with a wrong id, origin or rule is not taken', async t => {
  const { sites } = await setUp(t);
  for (const wrong of [
    { id: 'Acme' },
    { id: 'a/b' },
    { origins: ['https://acme.example/'] },
    { origins: ['https://acme.example:443'] },
    { origins: ['*'] },
    { origins: ['null'] },
    { guests: { 'a*b': 'member' as const } },
  ]) {
    await assert.rejects(sites.putSite({ ...ACME, ...wrong }), { code: 'invalid_input' }, JSON.stringify(wrong));
  }
});

test('a key that is weak, or not what it is said to be, is not taken', async t => {
  const { sites } = await setUp(t);
  const pem = ({ publicKey }: { publicKey: KeyObject }) =>
    Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
  const refused: [KeyAlgorithm, Uint8Array][] = [
    ['HS256', new Uint8Array(31)],
    ['RS256', pem(generateKeyPairSync('rsa', { modulusLength: 1_024 }))],
    ['ES256', pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))],
    ['ES256', pem(generateKeyPairSync('ed25519'))],
    ['EdDSA', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }))],
    ['RS256', new TextEncoder().encode('not a key')],
  ];
  for (const [algorithm, material] of refused) {
    await assert.rejects(
      sites.addKey({ site: 'acme', kid: 'k', algorithm, material, forServers: false }),
      { code: 'invalid_input' },
      algorithm,
    );
  }
  for (const kid of ['_guest', '', '../x', 'a b']) {
    await assert.rejects(sites.addKey({ ...newSiteKey('acme').key, kid }), { code: 'invalid_input' }, kid);
  }
  await assert.rejects(sites.addKey(newSiteKey('initech').key), { code: 'site_unknown' });
});

test('an origin is compared letter by letter', () => {
  const site: Site = {
    ...ACME,
    origins: ['https://good.example', 'http://localhost:3001', 'https://xn--bcher-kva.example'],
  };
  for (const origin of site.origins) assert.equal(judgeOrigin(site, origin), undefined);
  for (const foreign of FOREIGN_ORIGINS) assert.equal(judgeOrigin(site, foreign), 'origin_not_allowed', foreign);
  assert.equal(judgeOrigin(undefined, 'https://good.example'), 'site_unknown');
  assert.ok(!isOrigin('ftp://good.example') && !isOrigin('good.example') && !isOrigin('HTTPS://good.example'));
});

const FOREIGN_ORIGINS = [
  'null',
  '',
  'https://good.example.evil.example',
  'https://evil.example',
  'http://good.example',
  'https://good.example:8443',
  'https://good.example:443',
  'https://good.example.',
  'https://good.example/',
  'https://GOOD.example',
  'https://sub.good.example',
  'https://good.example@evil.example',
  'https://good.example, https://evil.example',
  'http://localhost',
  'http://localhost:30011',
  'https://bücher.example',
];
