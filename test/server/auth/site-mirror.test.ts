/** Sites in memory while others change them in storage, and this server does so too. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import type { SiteChange } from '../../../server/auth/held-sites.js';
import { SiteDirectory } from '../../../server/auth/site-directory.js';
import { StorageError } from '../../../server/domain/storage.js';
import { newSiteKey } from '../../support/tokens.js';
import { site } from '../storage/contract/home.js';
import { sharedSites } from './shared-sites.js';

const ACME = site('acme', { origins: ['https://acme.example'], guests: { lobby: 'member' } });

/** What waits until the test lets it go on. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>(resolve => (open = resolve));
  return { opened, open };
}

function changesOf(sites: SiteDirectory): SiteChange[] {
  const changes: SiteChange[] = [];
  sites.listen(change => changes.push(change));
  return changes;
}

test('a reading that is older than a change made here undoes nothing of it, and is made up for', async t => {
  const storage = await sharedSites(t);
  const [reads, answers, revokes] = [gate(), gate(), gate()];
  let holds = false;
  const here = await SiteDirectory.load({
    ...storage,
    async sites() {
      const answer = await storage.sites();
      reads.open();
      if (holds) await answers.opened;
      return answer;
    },
    async revokeKey(...given) {
      await revokes.opened;
      await storage.revokeKey(...given);
    },
  });
  const other = await SiteDirectory.load(storage);
  const { key } = newSiteKey('acme');
  await other.createSite(ACME);
  await other.createSite(site('globex'));
  await other.addKey(key);
  await here.reload();
  const changes = changesOf(here);

  const revoking = here.revokeKey('acme', key.kid);
  await turn();
  await other.patchSite('globex', { name: 'Globex Inc' });
  holds = true;
  const reading = here.reload();
  await reads.opened;
  revokes.open();
  await revoking;
  answers.open();
  await reading;
  assert.equal(here.key('acme', key.kid), undefined);
  assert.equal(here.site('globex')?.name, 'Globex Inc');
  await other.patchSite('acme', { name: 'Acme Inc' });
  await here.reload();
  assert.equal(here.site('acme')?.name, 'Acme Inc');
  assert.deepEqual(
    changes.map(({ type }) => type),
    ['key-revoked', 'site', 'site'],
  );
});

test('a change that is kept though its answer was lost is found, also where others were read before the answer was', async t => {
  const storage = await sharedSites(t);
  const [kept, lost] = [gate(), gate()];
  const here = await SiteDirectory.load({
    ...storage,
    async revoke(...given) {
      await storage.revoke(...given);
      kept.open();
      await lost.opened;
      throw new StorageError('The answer was lost.');
    },
  });
  await here.createSite(ACME);
  const revoking = assert.rejects(here.revocations.revoke('acme', 'person', 'ann'), StorageError);
  await kept.opened;
  await here.reload();
  lost.open();
  await revoking;
  assert.equal(here.revocations.has('acme', 'person', 'ann'), false);
  await here.reload();
  assert.equal(here.revocations.has('acme', 'person', 'ann'), true);
});

suite('what another server changed', () => {
  test('is all that is told, and what is the same stays the same', async t => {
    const storage = await sharedSites(t);
    const [here, other] = [await SiteDirectory.load(storage), await SiteDirectory.load(storage)];
    const [kept, revoked] = [newSiteKey('acme', false, 'ES256').key, newSiteKey('acme').key];
    await other.createSite(ACME);
    await other.createSite(site('globex'));
    for (const key of [kept, revoked]) await other.addKey(key);
    await here.reload();
    const before = here.key('acme', kept.kid);
    const changes = changesOf(here);
    await other.revokeKey('acme', revoked.kid);
    await other.revocations.revoke('globex', 'person', 'ann');
    await here.reload();
    assert.equal(here.key('acme', kept.kid), before);
    assert.deepEqual(changes, [
      { type: 'key-revoked', site: 'acme', kid: revoked.kid },
      { type: 'person-revoked', site: 'globex', subject: 'ann' },
    ]);
    await other.markKey('acme', kept.kid, true);
    await here.reload();
    assert.equal(here.key('acme', kept.kid)?.forServers, true);
  });

  test('is read only where storage says that there is something', async t => {
    const storage = await sharedSites(t);
    let read = 0;
    const here = await SiteDirectory.load({ ...storage, sites: () => ((read += 1), storage.sites()) });
    for (let count = 0; count < 3; count += 1) await here.reload();
    assert.equal(read, 1);
    const other = await SiteDirectory.load(storage);
    await other.createSite(ACME);
    await here.reload();
    assert.equal(read, 2);
  });

  test('is known before anything is decided here, and nothing is decided before it is', async t => {
    const storage = await sharedSites(t);
    const [here, other] = [await SiteDirectory.load(storage), await SiteDirectory.load(storage)];
    await other.createSite(ACME);
    await assert.rejects(here.createSite(ACME), { code: 'site_exists' });
    const added = ['https://one.example', 'https://two.example'];
    await Promise.all(
      [here, other].map((sites, index) => sites.patchSite('acme', { addOrigins: [added[index] ?? ''] })),
    );
    await here.reload();
    assert.deepEqual(here.site('acme')?.origins, [...ACME.origins, ...added]);
  });
});

suite('a site that another server removes', () => {
  test('lets nobody in from the beginning, wherever the removal stands', async t => {
    const storage = await sharedSites(t);
    const [begun, goesOn] = [gate(), gate()];
    const other = await SiteDirectory.load({
      ...storage,
      async removeSite() {
        begun.open();
        await goesOn.opened;
        throw new StorageError('The disk is full.');
      },
    });
    const here = await SiteDirectory.load(storage);
    await other.createSite(ACME);
    await here.reload();
    const removal = assert.rejects(other.removeSite('acme'), StorageError);
    await begun.opened;
    await here.reload();
    assert.deepEqual([here.site('acme')?.origins, here.site('acme')?.guests], [[], {}]);
    await other.reload();
    assert.equal(other.site('acme'), undefined);
    goesOn.open();
    await removal;

    // Any of them takes it up.
    await here.removeSite('acme');
    await other.reload();
    assert.deepEqual([here.all, other.all], [[], []]);
    await other.createSite(ACME);
    await assert.rejects(here.createSite(ACME), { code: 'site_exists' });
  });

  test('and that comes again under its name is another one: who was of the first is put out', async t => {
    const storage = await sharedSites(t);
    const [here, other] = [await SiteDirectory.load(storage), await SiteDirectory.load(storage)];
    await other.createSite(ACME);
    await here.reload();
    const nonce = here.nonce('acme');
    const seen: (readonly [string, boolean])[] = [];
    here.listen(({ type }) => seen.push([type, here.site('acme') !== undefined]));
    await other.removeSite('acme');
    await other.createSite(ACME);
    await here.reload();
    assert.deepEqual(seen, [
      ['site-removed', false],
      ['site', true],
    ]);
    assert.notEqual(here.nonce('acme'), nonce);
    assert.equal(here.nonce('acme'), other.nonce('acme'));
  });
});

test('a site whose removal failed before anything was changed is there again, and can be removed again', async t => {
  const storage = await sharedSites(t);
  let isAway = false;
  const here = await SiteDirectory.load({
    ...storage,
    putSite: site => (isAway ? Promise.reject(new StorageError('The database is away.')) : storage.putSite(site)),
  });
  await here.createSite(ACME);
  await here.reload();
  isAway = true;
  await assert.rejects(here.removeSite('acme'), StorageError);
  isAway = false;
  await here.reload();
  assert.deepEqual(here.site('acme'), ACME);
  await here.removeSite('acme');
  assert.deepEqual(await storage.sites().then(({ sites }) => sites), []);
});

test('the others are told after each change, also of one of which nobody knows whether it was kept', async t => {
  const storage = await sharedSites(t);
  const told: number[] = [];
  let kept = 0;
  const here = await SiteDirectory.load(
    {
      ...storage,
      putSite: async site => ((kept += 1), storage.putSite(site)),
      revoke: async () => Promise.reject(new StorageError('The answer was lost.')),
    },
    Date.now,
    () => told.push(kept),
  );
  await here.createSite(ACME);
  assert.deepEqual(told, [1]);
  await assert.rejects(here.revocations.revoke('acme', 'person', 'ann'), StorageError);
  assert.deepEqual(told, [1, 1]);
  await here.removeSite('acme');
  assert.deepEqual(told, [1, 1, 2, 2]);
});
