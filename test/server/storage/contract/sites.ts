import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DEFAULT_SITE_LIMITS, type Site, type SiteKey } from '../../../../server/domain/site.js';
import { StorageError } from '../../../../server/domain/storage.js';
import { keep, type NewHome, appended } from './home.js';
import { roomKey } from '../../../support/room-key.js';
import { posted } from '../../../support/commands.js';

const ACME: Site = {
  id: 'acme',
  name: 'Acme school',
  origins: ['https://acme.example'],
  guests: { 'open-*': 'viewer' },
  limits: DEFAULT_SITE_LIMITS,
  retentionDays: null,
  strokeTimes: true,
};
const SECRET: SiteKey = {
  site: 'acme',
  kid: 'first',
  algorithm: 'HS256',
  material: new TextEncoder().encode('a secret of thirty-two bytes, ok'),
  forServers: false,
};
const PUBLIC: SiteKey = {
  site: 'acme',
  kid: 'second',
  algorithm: 'ES256',
  material: new TextEncoder().encode('-----BEGIN PUBLIC KEY-----'),
  forServers: true,
};

export function sitesContract(newHome: NewHome): void {
  test('sites and keys are there after opening again', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    await storage.putSite(ACME);
    await storage.addKey(SECRET);
    await storage.addKey(PUBLIC);
    const changed: Site = {
      ...ACME,
      name: 'Acme',
      origins: [],
      guests: {},
      limits: { ...ACME.limits, connections: 7 },
      retentionDays: 30,
      strokeTimes: false,
    };
    await storage.putSite(changed);
    await storage.close();
    const { sites, keys, revocations } = await (await home.open()).sites();
    assert.deepEqual({ sites, keys, revocations }, { sites: [changed], keys: [SECRET, PUBLIC], revocations: [] });
  });

  test('a key id is used once, even after the key was revoked', async t => {
    const storage = await (await newHome(t)).open();
    await storage.putSite(ACME);
    await storage.addKey(SECRET);
    await assert.rejects(storage.addKey(SECRET), StorageError);
    await storage.revokeKey('acme', 'first');
    await storage.revokeKey('acme', 'first');
    assert.deepEqual((await storage.sites()).keys, []);
    await assert.rejects(storage.addKey(SECRET), StorageError);
    await assert.rejects(storage.revokeKey('acme', 'unheard-of'), StorageError);
  });

  test('a key belongs to a site that is there', async t => {
    const storage = await (await newHome(t)).open();
    await assert.rejects(storage.addKey(SECRET), StorageError);
  });

  test('closing waits for what is under way, can be done twice, and ends all use', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    const room = roomKey('acme', 'algebra');
    await storage.putSite(ACME);
    const kept = storage.turn([{ room, after: undefined, commands: [], undos: [], shapes: [], messages: [] }], () => [
      {
        room,
        events: [appended(posted('just in time'), { seq: 1, prev: 0, at: 1, by: 1, command: 'c' })],
        accepted: [],
      },
    ]);
    const read = storage.setReadPosition(room, 'ann', 0);
    await Promise.all([storage.close(), storage.close(), kept, read]);
    await assert.rejects(storage.head(room), StorageError);
    await assert.rejects(keep(storage, room, []), StorageError);
    await assert.rejects(storage.setReadPosition(room, 'ann', 1), StorageError);
    assert.equal((await (await home.open()).head(room)).seq, 1);
  });
}
