/** What an operator changes through one node holds on all of them. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { RefusedError } from '../../../protocol/errors.js';
import { GuestTokens } from '../../../server/auth/guest-tokens.js';
import type { SiteDirectory } from '../../../server/auth/site-directory.js';
import { meddling } from '../../support/meddling.js';
import { PATIENCE, within } from '../../support/patience.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { newSiteKey } from '../../support/tokens.js';
import { type GroupedNode, type NodeGroupOptions, SITE, startGroup } from '../many-nodes/node-group.js';
import { site } from '../storage/contract/home.js';

/** The page of the group's people. */
const PAGE = 'https://page.example';

async function pair(t: TestContext, options?: NodeGroupOptions): Promise<readonly [GroupedNode, GroupedNode]> {
  const [one, other] = await startGroup(t, options);
  return [one ?? assert.fail(), other ?? assert.fail()];
}

/**
 * Ends when a node's sites are as wanted.
 * @param lacks what is the matter as long as they are not
 */
async function become(sites: SiteDirectory, lacks: string, wanted: () => boolean): Promise<void> {
  const comes = new Promise<void>(resolve => {
    const stop = sites.listen(look);
    function look() {
      if (!wanted()) return;
      stop();
      resolve();
    }
    look();
  });
  await within(PATIENCE, comes, () => `${lacks}: ${JSON.stringify(sites.site(SITE))}`);
}

suite('what is changed through one node', () => {
  test('puts out whom it concerns on another: a person, a token, who came from a page', async t => {
    const [one, other] = await pair(t);
    const { sites } = one.app;
    const ann = await other.enter({ person: 'ann' });
    const ben = await other.enter({ person: 'ben', claims: { jti: 'of ben' } });
    const cem = await other.enter({ person: 'cem' });
    await sites.revocations.revoke(SITE, 'person', 'ann');
    assert.equal((await ann.hears('bye')).code, 'person_revoked');
    await sites.revocations.revoke(SITE, 'token', 'of ben');
    assert.equal((await ben.hears('bye')).code, 'token_revoked');
    await sites.patchSite(SITE, { removeOrigins: [PAGE] });
    assert.equal((await cem.hears('bye')).code, 'origin_not_allowed');
  });

  test('holds on another though no message came, and nothing else does', async t => {
    const [one, other] = await pair(t, { between: cluster => meddling(cluster, { tellSites: () => undefined }) });
    const { sites } = one.app;
    const key = newSiteKey(SITE).key;
    await sites.addKey(key);
    const [ann, ben] = [await other.enter({ person: 'ann' }), await other.enter({ person: 'ben' })];
    const changes: string[] = [];
    other.app.sites.listen(({ type }) => changes.push(type));
    await sites.revocations.revoke(SITE, 'person', 'ann');
    assert.equal((await ann.hears('bye')).code, 'person_revoked');
    await sites.revokeKey(SITE, key.kid);
    await become(other.app.sites, 'the key is not revoked there', () => !other.app.sites.key(SITE, key.kid));
    assert.deepEqual(changes, ['person-revoked', 'key-revoked']);
    await ben.join('lobby');
  });

  test('loses nothing that is changed through another at the same time', async t => {
    const [one, other] = await pair(t);
    const nodes = [one.app.sites, other.app.sites];
    const added = ['https://one.example', 'https://other.example'];
    await Promise.all(nodes.map((sites, index) => sites.patchSite(SITE, { addOrigins: [added[index] ?? ''] })));
    for (const sites of nodes) {
      await become(sites, 'one of both origins is missing', () => sites.site(SITE)?.origins.length === 3);
      assert.deepEqual(new Set(sites.site(SITE)?.origins), new Set([PAGE, ...added]));
    }
    const made = await Promise.allSettled(nodes.map(sites => sites.createSite(site('globex'))));
    assert.deepEqual(made.map(codeOfSettled).sort(), ['made', 'site_exists']);
  });
});

function codeOfSettled(settled: PromiseSettledResult<unknown>): string {
  if (settled.status === 'fulfilled') return 'made';
  return settled.reason instanceof RefusedError ? settled.reason.code : String(settled.reason);
}

suite('a site that is removed through one node', () => {
  test('lets nobody in on another, and put out who was there; one that comes after it knows none of its guests', async t => {
    const [one, other] = await pair(t);
    const [before, behind] = [one.app.sites, other.app.sites];
    await before.patchSite(SITE, { setGuests: { lobby: 'member' } });
    await become(behind, 'guests are not admitted there', () => behind.site(SITE)?.guests['lobby'] === 'member');
    const signed = await new GuestTokens(SECRET_KEY, before).sign(SITE, 'Gus', undefined, Date.now());
    const ann = await other.enter({ person: 'ann' });
    await before.removeSite(SITE);
    assert.ok(['site_unknown', 'origin_not_allowed'].includes((await ann.hears('bye')).code));
    await become(behind, 'the site is there still', () => behind.site(SITE) === undefined);
    await assert.rejects(behind.removeSite(SITE), { code: 'site_unknown' });

    await behind.createSite(site(SITE, { origins: [PAGE], guests: { lobby: 'member' } }));
    await become(before, 'the new site is not there', () => before.site(SITE) !== undefined);
    assert.equal(before.nonce(SITE), behind.nonce(SITE));
    const [here, there] = [new GuestTokens(SECRET_KEY, before), new GuestTokens(SECRET_KEY, behind)];
    assert.equal(await there.verify(SITE, signed), undefined);
    assert.ok(await there.verify(SITE, await here.sign(SITE, 'Gus', undefined, Date.now())));
  });
});
