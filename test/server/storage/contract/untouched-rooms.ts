import assert from 'node:assert/strict';
import { test } from 'node:test';

import { StorageError } from '../../../../server/domain/storage.js';
import { roomKey } from '../../../support/room-key.js';
import { posted } from '../../../support/commands.js';
import { ANN, keep, look, type NewHome, appended } from './home.js';

const ROOM = roomKey('acme', 'algebra');

export function untouchedRoomsContract(newHome: NewHome): void {
  test('a room that was only looked at takes no place', async t => {
    const storage = await (await newHome(t)).open();
    await storage.head(ROOM);
    await storage.snapshot(ROOM);
    await storage.tail(ROOM, 0, 10);
    await storage.messages(ROOM, 10, 10);
    await look(storage, ROOM, { commands: [{ person: ANN.id, id: 'c' }], undos: [{ person: ANN.id, id: 'c' }] });
    await storage.setReadPosition(ROOM, ANN.id, 3);
    assert.equal((await storage.usage('acme', 1)).rooms, 0);
    await keep(storage, ROOM, [posted('hello')]);
    assert.equal((await storage.usage('acme', 1)).rooms, 1);
    assert.equal(await storage.readPosition(ROOM, ANN.id), 0);
  });

  test('a room that nothing is appended to in a turn of others takes no place', async t => {
    const storage = await (await newHome(t)).open();
    const rooms = ['algebra', 'logic'].map(name => roomKey('acme', name));
    const epochs = await Promise.all(rooms.map(async room => (await storage.head(room)).epoch));
    await storage.turn(
      rooms.map(room => ({ room, after: undefined, commands: [], undos: [], shapes: [], messages: [] })),
      ([opened]) => {
        assert.ok(opened);
        const event = appended(posted('hello'), { seq: 1, prev: 0, at: 1, by: 1, command: 'c' });
        const accepted = { person: ANN.id, id: 'c', digest: 'd', seq: 1, undoable: false };
        return [{ room: opened.room, events: [event], accepted: [accepted] }];
      },
    );
    assert.equal((await storage.usage('acme', 1)).rooms, 1);
    const heads = await Promise.all(rooms.map(room => storage.head(room)));
    assert.deepEqual(
      heads.map(({ epoch, seq }) => ({ epoch, seq })),
      epochs.map((epoch, index) => ({ epoch, seq: index === 0 ? 1 : 0 })),
    );
  });

  test('a room has one epoch before and after its first append, over every opening', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    const { epoch } = await storage.head(ROOM);
    assert.match(epoch, /^[A-Za-z0-9_-]{16}$/);
    assert.equal((await storage.snapshot(ROOM)).epoch, epoch);
    assert.equal((await look(storage, ROOM)).state?.epoch, epoch);
    await storage.close();
    const again = await home.open();
    assert.equal((await again.head(ROOM)).epoch, epoch);
    await keep(again, ROOM, [posted('hello')]);
    assert.deepEqual(await again.head(ROOM), { epoch, seq: 1, floor: 0, redactions: 0, title: 'algebra' });
    assert.equal((await look(again, ROOM)).state?.epoch, epoch);
  });

  test('rooms have epochs of their own', async t => {
    const storage = await (await newHome(t)).open();
    const rooms = ['acme/algebra', 'acme/logic', 'zeta/algebra', 'nobody/algebra'].map(name => name.split('/'));
    const heads = await Promise.all(rooms.map(([site = '', room = '']) => storage.head(roomKey(site, room))));
    assert.equal(new Set(heads.map(({ epoch }) => epoch)).size, rooms.length);
  });

  test('who has the beginning of an untouched room needs nothing, and who has another epoch all of it', async t => {
    const storage = await (await newHome(t)).open();
    const { epoch } = await storage.head(ROOM);
    assert.deepEqual(await look(storage, ROOM, { after: { epoch, seq: 0 } }), {
      room: ROOM,
      events: [],
      accepted: [],
      undos: [],
      shapes: [],
      messages: [],
    });
    assert.equal((await look(storage, ROOM, { after: { epoch: 'another', seq: 0 } })).state?.epoch, epoch);
    assert.equal((await look(storage, ROOM, { after: { epoch, seq: 1 } })).state?.seq, 0);
  });

  test('a room belongs to a site that is there', async t => {
    const storage = await (await newHome(t)).open();
    const room = roomKey('nobody', 'algebra');
    await assert.rejects(keep(storage, room, [posted('hello')]), StorageError);
    assert.equal((await storage.head(room)).seq, 0);
  });
}
