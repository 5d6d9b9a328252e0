import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { someoneWaits } from '../../../support/postgres-locks.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import { ANN, BEN, keep, look, site } from '../contract/home.js';
import { drawn, entered, posted } from '../../../support/commands.js';
import { connectTo, newServers } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');
const post = (text: string) => posted(text);

describe('a site that is removed', () => {
  test('how far people have read elsewhere is kept meanwhile', async t => {
    const { url, servers } = await newServers(t, 1);
    const [storage] = servers;
    assert.ok(storage);
    const other = roomKey('zeta', 'logic');
    for (const room of [ROOM, other]) await keep(storage, room, [post('hello')]);
    await storage.setReadPosition(ROOM, BEN.id, 1);
    const client = await connectTo(t, url);
    await client.query('BEGIN');
    await client.query(`SELECT FROM room WHERE site = 'acme' FOR UPDATE`);
    await client.query('DELETE FROM read_position');
    const people = [ANN.id, BEN.id];
    await Promise.all([ROOM, other].flatMap(room => people.map(person => storage.setReadPosition(room, person, 1))));
    await client.query(`DELETE FROM room WHERE site = 'acme'`);
    await client.query('COMMIT');
    const read = [ROOM, other].map(room => storage.readPosition(room, ANN.id));
    assert.deepEqual(await Promise.all(read), [0, 1]);
  });

  test('rooms that come into being meanwhile go with it, and no row of anything is left', async t => {
    const { url, servers } = await newServers(t, 2);
    const [here, there] = servers;
    assert.ok(here && there);
    const fill = async (name: string) => {
      const room = roomKey('acme', name);
      await keep(there, room, [entered(BEN), post('hello')]);
      await keep(there, room, [drawn(stroke())]);
      await there.setReadPosition(room, ANN.id, 1);
    };
    for (let number = 0; number < 5; number += 1) await fill(`before-${number}`);
    await there.revoke('acme', { kind: 'person', subject: 'ben', revokedAt: 1, until: null });
    const { epoch } = await there.head(roomKey('acme', 'before-0'));
    await keep(there, roomKey('zeta', 'algebra'), [post('stays')]);
    const removal = new AbortController();
    const removed = here.removeSite('acme').then(() => {
      removal.abort();
    });
    for (let made = 0; !removal.signal.aborted; made += 1) await fill(`meanwhile-${made}`).catch(() => undefined);
    await removed;

    const client = await connectTo(t, url);
    for (const table of ['event', 'message', 'shape', 'accepted', 'read_position', 'author']) {
      const { rowCount } = await client.query(
        `SELECT FROM ${table} WHERE room NOT IN (SELECT id FROM room WHERE site = 'zeta')`,
      );
      assert.equal(rowCount, 0, table);
    }
    for (const table of ['room', 'site_key', 'revocation', 'usage']) {
      assert.equal((await client.query(`SELECT FROM ${table} WHERE site = 'acme'`)).rowCount, 0, table);
    }
    assert.equal((await here.snapshot(roomKey('zeta', 'algebra'))).messages.length, 1);
    await here.putSite(site('acme'));
    assert.notEqual((await there.head(roomKey('acme', 'before-0'))).epoch, epoch);
    assert.deepEqual((await look(there, roomKey('acme', 'before-0'))).state?.seq, 0);
  });

  test('a first append that is just being kept is waited for, and goes too', async t => {
    const { url, servers } = await newServers(t, 1);
    const [storage] = servers;
    assert.ok(storage);
    const client = await connectTo(t, url);
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO room (site, name, title, epoch, seq, created_at) VALUES ('acme', 'late', 'Late', 'e', 0, 1)`,
    );
    const removed = storage.removeSite('acme');
    await someoneWaits(await connectTo(t, url));
    await client.query('COMMIT');
    await removed;
    assert.equal((await client.query('SELECT FROM room')).rowCount, 0);
    assert.deepEqual(
      (await storage.sites()).sites.map(({ id }) => id),
      ['zeta'],
    );
  });
});
