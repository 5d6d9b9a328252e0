import assert from 'node:assert/strict';
import { createPublicKey, ECDH } from 'node:crypto';
import { test } from 'node:test';

import { SiteDirectory } from '../../../server/auth/site-directory.js';
import type { SiteKey } from '../../../server/domain/site.js';
import { newSiteKey } from '../../support/tokens.js';
import { setUp } from './verifying.js';

const REFUSED = { code: 'key_exists', message: /this very key as / };

test('a public key never comes back under another id, not while it is good and not after it was revoked', async t => {
  const { storage, sites, clock } = await setUp(t);
  for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
    const { key } = newSiteKey('acme', false, algorithm);
    const again: SiteKey = { ...key, kid: `${key.kid}-again` };
    await sites.addKey(key);
    await assert.rejects(sites.addKey(again), REFUSED);
    await sites.revokeKey('acme', key.kid);
    await assert.rejects(sites.addKey(again), REFUSED);
    await assert.rejects((await SiteDirectory.load(storage, () => clock.now())).addKey(again), REFUSED);
    await sites.addKey({ ...again, site: 'globex' });
  }
});

test('nor in another spelling', async t => {
  const { sites } = await setUp(t);
  const { key } = newSiteKey('acme', false, 'ES256');
  await sites.addKey(key);
  await sites.revokeKey('acme', key.kid);
  const pem = new TextDecoder().decode(key.material);
  for (const spelling of [`# ours\r\n${pem.replaceAll('\n', '\r\n')}`, compressed(pem)]) {
    assert.notEqual(spelling, pem);
    const material = new TextEncoder().encode(spelling);
    await assert.rejects(sites.addKey({ ...key, kid: 'other', material }), REFUSED);
  }
});

/** The same P-256 key with its point written as one coordinate and a sign. */
function compressed(pem: string): string {
  const whole = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const point = ECDH.convertKey(whole.subarray(-65), 'prime256v1', undefined, undefined, 'compressed');
  assert.ok(Buffer.isBuffer(point));
  // Both lengths in front are shorter by the coordinate that is left out.
  const header = Buffer.from(whole.subarray(0, -65));
  header[1] = (header[1] ?? 0) - 32;
  header[header.length - 2] = (header[header.length - 2] ?? 0) - 32;
  const der = Buffer.concat([header, point]).toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`;
}
