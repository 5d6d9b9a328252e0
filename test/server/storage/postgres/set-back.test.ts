import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import { roomKey } from '../../../support/room-key.js';
import { ANN, keep, look, appended } from '../contract/home.js';
import { posted } from '../../../support/commands.js';
import { connectTo, newServers } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');
const post = (text: string) => posted(text);

/** Two servers on a database with one thing said, and with another one that it has lost since. */
async function setBack(t: TestContext) {
  const { url, servers } = await newServers(t, 2);
  const [here, there] = servers;
  assert.ok(here && there);
  const database = await connectTo(t, url);
  const { accepted: survived } = await keep(here, ROOM, [post('one')]);
  const { accepted: lost } = await keep(here, ROOM, [post('two')]);
  const before = await here.head(ROOM);
  for (const table of ['event', 'message', 'accepted']) await database.query(`DELETE FROM ${table} WHERE seq = 2`);
  await database.query('UPDATE room SET seq = 1');
  const known = { epoch: before.epoch, seq: 2 };
  return { here, there, database, survived, lost, known };
}

describe('the database has lost the end of a timeline', () => {
  for (const by of ['after', 'told'] as const) {
    test(`whoever knows of it by \`${by}\` has the room go on in a new epoch, though nothing is appended`, async t => {
      const { here, there, known } = await setBack(t);
      const { state, events } = await look(here, ROOM, { [by]: known });
      assert.ok(state);
      assert.notEqual(state.epoch, known.epoch);
      assert.match(state.epoch, /^[A-Za-z0-9_-]{16}$/);
      assert.deepEqual([state.seq, events], [1, []]);
      assert.deepEqual(await there.head(ROOM), {
        epoch: state.epoch,
        seq: 1,
        floor: 0,
        redactions: 0,
        title: 'algebra',
      });

      // Who comes with the same knowledge later learns of the new epoch, and makes none.
      const { state: again } = await look(there, ROOM, { [by]: known });
      assert.equal(again?.epoch, state.epoch);
      const { events: next } = await keep(there, ROOM, [post('three')]);
      const { events: since } = await look(here, ROOM, { after: { epoch: state.epoch, seq: 1 } });
      assert.deepEqual(since, next);
    });
  }

  test('what is appended in the same turn is in the new epoch', async t => {
    const { here, known } = await setBack(t);
    const event = appended(post('three'), { seq: 2, prev: 1, at: 1, by: 1, command: 'c' });
    await here.turn([{ room: ROOM, after: known, commands: [], undos: [], shapes: [], messages: [] }], () => [
      { room: ROOM, events: [event], accepted: [] },
    ]);
    const { epoch, seq } = await here.head(ROOM);
    assert.notEqual(epoch, known.epoch);
    assert.equal(seq, 2);
  });

  test('a command that was lost is taken again, and one that was not is known', async t => {
    const { here, known, survived, lost } = await setBack(t);
    const commands = [survived, lost].map(({ person, id }) => ({ person, id }));
    assert.deepEqual((await look(here, ROOM, { after: known, commands })).accepted, [survived]);
    await keep(here, ROOM, [post('two')], { person: ANN.id, command: lost.id });
    assert.deepEqual((await look(here, ROOM, { commands })).accepted, [survived, lost]);
  });

  test('a room that was lost as a whole has a new epoch too, which stays', async t => {
    const { here, there, database, known } = await setBack(t);
    await database.query('TRUNCATE room, event, message, author, accepted, read_position');
    assert.equal((await here.head(ROOM)).epoch, known.epoch);
    const { state } = await look(here, ROOM, { after: known });
    assert.equal(state?.seq, 0);
    const { epoch } = state;
    assert.notEqual(epoch, known.epoch);
    assert.deepEqual(await there.head(ROOM), { epoch, seq: 0, floor: 0, redactions: 0, title: 'algebra' });
    await keep(there, ROOM, [post('three')]);
    assert.deepEqual(await here.head(ROOM), { epoch, seq: 1, floor: 0, redactions: 0, title: 'algebra' });
  });

  test('other rooms of the turn stay as they are', async t => {
    const { here, known } = await setBack(t);
    const other = roomKey('acme', 'logic');
    await keep(here, other, [post('one')]);
    const before = await here.head(other);
    const nothing = { commands: [], undos: [], shapes: [], messages: [] };
    await here.turn(
      [
        { room: ROOM, after: known, ...nothing },
        { room: other, after: { epoch: before.epoch, seq: 1 }, ...nothing },
      ],
      () => [],
    );
    assert.deepEqual(await here.head(other), before);
  });
});

describe('the database has lost a change of sites', () => {
  test('the next change is seen, though it is as many changes as before', async t => {
    const { url, servers } = await newServers(t, 1);
    const [storage] = servers;
    assert.ok(storage);
    const database = await connectTo(t, url);
    const { rows } = await database.query<{ number: string }>('SELECT number FROM site_change');
    const revocation = { kind: 'person', revokedAt: 1, until: null } as const;
    await storage.revoke('acme', { ...revocation, subject: 'ann' });
    const seen = await storage.siteChanges();
    await database.query('DELETE FROM revocation');
    await database.query('UPDATE site_change SET number = $1', [rows[0]?.number]);
    await storage.revoke('acme', { ...revocation, subject: 'ben' });
    assert.notEqual(await storage.siteChanges(), seen);
  });
});
