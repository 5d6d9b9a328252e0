import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SiteKey, UsageCounts } from '../../../../server/domain/site.js';
import { type Storage, StorageError } from '../../../../server/domain/storage.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import * as told from '../../../support/commands.js';
import { ANN, keep, look, type NewHome, site, whileTurnsGoOn } from './home.js';

const ROOM = roomKey('acme', 'algebra');

const key = (kid: string): SiteKey => ({
  site: 'acme',
  kid,
  algorithm: 'HS256',
  material: new TextEncoder().encode('a secret of thirty-two bytes, ok'),
  forServers: false,
});

export function operatingContract(newHome: NewHome): void {
  test('every key is on record, oldest first, revoked ones too, without its material', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    const start = Date.now();
    for (const kid of ['c', 'a', 'b']) await storage.addKey(key(kid));
    await storage.addKey({ ...key('d'), algorithm: 'EdDSA', forServers: true });
    await storage.revokeKey('acme', 'a');
    await storage.close();
    const again = await home.open();
    const records = await again.keyRecords('acme');
    assert.deepEqual(
      records.map(({ createdAt: _, revokedAt, ...rest }) => ({ ...rest, revoked: revokedAt !== null })),
      [
        { kid: 'c', algorithm: 'HS256', forServers: false, revoked: false },
        { kid: 'a', algorithm: 'HS256', forServers: false, revoked: true },
        { kid: 'b', algorithm: 'HS256', forServers: false, revoked: false },
        { kid: 'd', algorithm: 'EdDSA', forServers: true, revoked: false },
      ],
    );
    // Keys that are made within one millisecond are dated one after the other.
    const end = Date.now() + records.length;
    for (const { createdAt, revokedAt } of records) {
      for (const time of [createdAt, revokedAt ?? start]) assert.ok(start <= time && time <= end, String(time));
    }
    assert.deepEqual(await again.keyRecords('zeta'), []);
  });

  test('a key is marked for servers, and that is taken back', async t => {
    const storage = await (await newHome(t)).open();
    await storage.addKey(key('a'));
    await storage.addKey(key('b'));
    const marks = async () => (await storage.sites()).keys.map(({ kid, forServers }) => [kid, forServers]);
    await storage.markKey('acme', 'a', true);
    assert.deepEqual(await marks(), [
      ['a', true],
      ['b', false],
    ]);
    await storage.markKey('acme', 'a', false);
    await storage.markKey('acme', 'a', false);
    assert.deepEqual(await marks(), [
      ['a', false],
      ['b', false],
    ]);
    await storage.revokeKey('acme', 'b');
    await assert.rejects(storage.markKey('acme', 'b', true), StorageError);
    await assert.rejects(storage.markKey('acme', 'unheard-of', true), StorageError);
    await assert.rejects(storage.markKey('zeta', 'a', true), StorageError);
  });

  test('what a site had kept is counted by day', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    assert.deepEqual(await storage.usage('acme', 30), { rooms: 0, days: [] });
    const drawn = stroke();
    await keep(storage, ROOM, [told.entered(ANN), told.posted('hello')]);
    await keep(storage, ROOM, [told.drawn(drawn)]);
    await keep(storage, roomKey('acme', 'logic'), [told.posted('again')]);
    await keep(storage, roomKey('acme', 'logic'), []);
    await keep(storage, roomKey('zeta', 'logic'), [told.posted('elsewhere')]);
    const failing = keep(storage, ROOM, [told.posted('lost'), told.drawn(drawn)]);
    await assert.rejects(failing, StorageError);
    await storage.close();

    const again = await home.open();
    const { rooms, days } = await again.usage('acme', 2);
    assert.equal(rooms, 2);
    for (const { day } of days) assert.match(day, /^\d{4}-\d{2}-\d{2}$/);
    const { bytes, ...counts } = total(days);
    assert.deepEqual(counts, { events: 4, messages: 2, shapes: 1 });
    const most = 4 * 100 + JSON.stringify([ANN, 'hello', drawn, 'again']).length;
    assert.ok(bytes > JSON.stringify(drawn).length && bytes < most, `${bytes} characters`);
    assert.equal(total((await again.usage('zeta', 2)).days).events, 1);
    assert.deepEqual((await again.usage('acme', 0)).days, []);
    assert.deepEqual(await again.usage('nobody', 30), { rooms: 0, days: [] });
  });

  test('a site is removed with everything of it, and its ids are free again', async t => {
    const storage = await (await newHome(t)).open();
    await fill(storage, 'acme');
    await fill(storage, 'zeta');
    const other = await everythingOf(storage, 'zeta');
    const { epoch } = await storage.head(ROOM);
    await storage.removeSite('acme');
    const { sites, keys } = await storage.sites();
    assert.deepEqual([sites.map(({ id }) => id), keys.map(one => one.site)], [['zeta'], ['zeta']]);
    await assert.rejects(keep(storage, ROOM, [told.posted('late')]), StorageError);

    await storage.putSite(site('acme'));
    await storage.addKey(key('a'));
    assert.deepEqual(await storage.usage('acme', 30), { rooms: 0, days: [] });
    assert.deepEqual(await storage.messages(ROOM, Number.MAX_SAFE_INTEGER, 10), {
      people: [],
      messages: [],
      more: false,
    });
    assert.deepEqual(await storage.tail(ROOM, 0, 10), []);
    assert.equal(await storage.readPosition(ROOM, ANN.id), 0);
    const { state, accepted } = await look(storage, ROOM, {
      after: { epoch, seq: 3 },
      commands: [{ person: ANN.id, id: 'drawn-in-acme---' }],
    });
    assert.deepEqual([state?.seq, accepted], [0, []]);
    assert.notEqual(state?.epoch, epoch, 'it is another timeline');
    assert.deepEqual(await everythingOf(storage, 'zeta'), other);

    await storage.removeSite('acme');
    await storage.removeSite('acme');
    await storage.removeSite('unheard-of');
    await storage.putSite(site('acme'));
    assert.notEqual((await storage.head(ROOM)).epoch, state?.epoch, 'and a room that nobody wrote to is another too');
  });

  test('turns of other sites go on while a large site is removed', async t => {
    const storage = await (await newHome(t)).open();
    const texts = Array.from({ length: 3_000 }, (_, number) => `message ${number}`);
    await keep(
      storage,
      ROOM,
      texts.map(text => told.posted(text)),
    );
    await whileTurnsGoOn(storage, () => storage.removeSite('acme'));
    assert.equal((await storage.head(ROOM)).seq, 0);
  });
}

function total(days: readonly UsageCounts[]): UsageCounts {
  const sum = (name: keyof UsageCounts) => days.reduce((all, day) => all + day[name], 0);
  return { events: sum('events'), messages: sum('messages'), shapes: sum('shapes'), bytes: sum('bytes') };
}

/** Gives a site something in every place where a site can have something. */
async function fill(storage: Storage, id: string): Promise<void> {
  const room = roomKey(id, 'algebra');
  await storage.putSite(site(id, { name: `The site ${id}` }));
  await storage.addKey({ ...key('a'), site: id });
  await keep(storage, room, [told.entered(ANN), told.posted(`said in ${id}`)]);
  await keep(storage, room, [told.drawn(stroke())], { command: `drawn-in-${id}---` });
  await keep(storage, roomKey(id, 'logic'), [told.posted(`said in ${id}`)]);
  await storage.setReadPosition(room, ANN.id, 2);
}

async function everythingOf(storage: Storage, id: string) {
  const room = roomKey(id, 'algebra');
  return [
    (await storage.sites()).sites.filter(one => one.id === id),
    await storage.keyRecords(id),
    await storage.usage(id, 30),
    await storage.head(room),
    await storage.snapshot(room),
    await storage.tail(room, 0, 10),
    await storage.readPosition(room, ANN.id),
  ];
}
