import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { newCommandId } from '../../../../protocol/names.js';
import type { AnyEvent } from '../../../../protocol/timeline/events.js';
import type { RoomKey } from '../../../../server/domain/room-key.js';
import type { RoomStorage } from '../../../../server/domain/storage.js';
import { someoneWaits } from '../../../support/postgres-locks.js';
import { roomKey } from '../../../support/room-key.js';
import { keep, appended } from '../contract/home.js';
import { isPosted, posted } from '../../../support/commands.js';
import { connectTo, newServers } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');

/** Appends a message at the end of each room, wherever that is found to be. @returns the seqs */
async function say(storage: RoomStorage, rooms: readonly RoomKey[], text: string): Promise<readonly number[]> {
  const command = newCommandId();
  let seqs: readonly number[] = [];
  await storage.turn(
    rooms.map(room => ({ room, after: undefined, commands: [], undos: [], shapes: [], messages: [] })),
    opened => {
      const ends = opened.map(({ state }) => state?.seq ?? 0);
      seqs = ends.map(end => end + 1);
      return opened.map(({ room }, index) => {
        const end = ends[index] ?? 0;
        const event = appended(posted(text), { seq: end + 1, prev: end, at: 1_000, by: 1, command });
        return {
          room,
          events: [event],
          accepted: [{ person: 'ann', id: command, digest: 'd', seq: end + 1, undoable: false }],
        };
      });
    },
  );
  return seqs;
}

function textsOf(events: readonly AnyEvent[]): readonly string[] {
  return events.flatMap(event => (isPosted(event) ? [event.text] : []));
}

describe('several servers on one room', () => {
  test('each append lands once, where its turn saw the end, and the other servers are handed it', async t => {
    const { servers } = await newServers(t, 3);
    const told = await Promise.all(
      servers.map(async (storage, server) => {
        const seqs: (readonly [seq: number, text: string])[] = [];
        for (let number = 0; number < 30; number += 1) {
          const text = `${server}:${number}`;
          const [seq = 0] = await say(storage, [ROOM], text);
          seqs.push([seq, text]);
        }
        return seqs;
      }),
    );
    const kept = (await servers[0]?.tail(ROOM, 0, 1_000)) ?? [];
    assert.deepEqual(
      kept.map(({ seq, prev }) => [seq, prev]),
      Array.from({ length: 90 }, (_, index) => [index + 1, index]),
    );
    const inOrder = told.flat().sort(([one], [other]) => one - other);
    assert.deepEqual(
      textsOf(kept),
      inOrder.map(([, text]) => text),
    );
  });

  test('a room comes into being once, whoever comes first', async t => {
    const { servers } = await newServers(t, 3);
    for (let number = 0; number < 15; number += 1) {
      const room = roomKey('acme', `room-${number}`);
      const seqs = await Promise.all(servers.map(storage => say(storage, [room], 'hello')));
      assert.deepEqual(seqs.flat().sort(), [1, 2, 3]);
    }
    assert.equal((await servers[0]?.usage('acme', 1))?.rooms, 15);
  });

  test('rooms that come into being at once, however many, wait for none but themselves', async t => {
    const { url, servers } = await newServers(t, 2);
    const [here, there] = servers;
    assert.ok(here && there);
    const client = await connectTo(t, url);
    await client.query(`CREATE FUNCTION waits() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN new; END $$`);
    await client.query(
      `CREATE TRIGGER waits BEFORE INSERT ON message FOR EACH ROW WHEN (new.text = 'waits') EXECUTE FUNCTION waits()`,
    );
    await client.query('SELECT pg_advisory_lock(1)');
    const rooms = (name: string) => Array.from({ length: 300 }, (_, number) => roomKey('acme', `${name}-${number}`));
    const held = say(here, rooms('here'), 'waits');
    await someoneWaits(await connectTo(t, url));
    assert.deepEqual(new Set(await say(there, rooms('there'), 'goes on')), new Set([1]));
    const shared = say(there, [...rooms('both'), ...rooms('here').slice(0, 1)], 'goes on');
    await client.query('SELECT pg_advisory_unlock(1)');
    assert.deepEqual(new Set(await held), new Set([1]));
    assert.deepEqual((await shared).slice(-2), [1, 2]);
    assert.equal((await here.usage('acme', 1)).rooms, 900);
  });

  test('turns over the same rooms in another order never wait for each other for good', async t => {
    const { servers } = await newServers(t, 3);
    const rooms = Array.from({ length: 12 }, (_, number) => roomKey('acme', `room-${number}`));
    const orders = [rooms, [...rooms].reverse(), [...rooms.slice(6), ...rooms.slice(0, 6)]];
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(servers.map((storage, index) => say(storage, orders[index] ?? [], `${round}`)));
    }
    const heads = await servers[0]?.heads(rooms);
    assert.deepEqual(new Set([...(heads?.values() ?? [])].map(({ seq }) => seq)), new Set([60]));
  });

  test('what another server appends while a turn waits for the room is handed over to it', async t => {
    const { url, servers } = await newServers(t, 2);
    const [here, there] = servers;
    assert.ok(here && there);
    await keep(there, ROOM, [posted('first')]);
    const { epoch } = await here.head(ROOM);
    const client = await connectTo(t, url);
    await client.query('BEGIN');
    await client.query('SELECT FROM room FOR UPDATE');
    const handed: string[][] = [];
    const request = { room: ROOM, after: { epoch, seq: 1 }, commands: [], undos: [], shapes: [], messages: [] };
    const turn = here.turn([request], opened => {
      handed.push(...opened.map(({ events }) => [...textsOf(events)]));
      return [];
    });
    await someoneWaits(await connectTo(t, url));
    await client.query(`INSERT INTO event (room, seq, prev, at, author, command, payload)
      SELECT id, 2, 1, 5, 1, 'c', '{"type":"message.posted","text":"meanwhile"}' FROM room`);
    await client.query('UPDATE room SET seq = 2');
    await client.query('COMMIT');
    await turn;
    assert.deepEqual(handed, [['meanwhile']]);
  });

  test('a room that is held delays no turn of another room', async t => {
    const { url, servers } = await newServers(t, 1);
    const [storage] = servers;
    assert.ok(storage);
    const other = roomKey('acme', 'logic');
    await say(storage, [ROOM, other], 'first');
    const client = await connectTo(t, url);
    await client.query('BEGIN');
    await client.query(`SELECT FROM room WHERE name = 'algebra' FOR UPDATE`);
    const held = say(storage, [ROOM], 'waits');
    await someoneWaits(await connectTo(t, url));
    assert.deepEqual(await say(storage, [other], 'goes on'), [2]);
    await client.query('COMMIT');
    assert.deepEqual(await held, [2]);
  });
});
