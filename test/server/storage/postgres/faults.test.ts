import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import pg from 'pg';

import { faultOf } from '../../../../server/storage/postgres/fault-of.js';
import { StorageFaultError, type StorageFault } from '../../../../server/storage/storage-fault.js';
import { someoneWaits } from '../../../support/postgres-locks.js';
import { roomKey } from '../../../support/room-key.js';
import { PostgresServer } from '../../../support/postgres-server.js';
import { keep, site, appended } from '../contract/home.js';
import { posted } from '../../../support/commands.js';
import { connectTo, newServers, openAt } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');
const post = (text: string) => posted(text);

const isFault = (expected: StorageFault) => (error: unknown) => {
  assert.ok(error instanceof StorageFaultError, String(error));
  assert.equal(error.fault, expected);
  return true;
};

describe('faults', () => {
  test('what PostgreSQL reports is told by what is to be done about it', () => {
    const faults: Readonly<Record<string, StorageFault | undefined>> = {
      '08006': 'away',
      '57P01': 'away',
      '57P03': 'away',
      '53300': 'away',
      '28P01': 'away',
      '3D000': 'away',
      '53100': 'full',
      '53200': 'failing',
      '58030': 'failing',
      '25006': 'unwritable',
      '42501': 'unwritable',
      '55P03': 'busy',
      '40P01': 'busy',
      '57014': 'busy',
      XX001: 'damaged',
      XX002: 'damaged',
      '23505': undefined,
      '22P05': undefined,
    };
    for (const [code, expected] of Object.entries(faults)) {
      const error = Object.assign(new pg.DatabaseError('it says so', 10, 'error'), { code });
      assert.equal(faultOf(error), expected, code);
    }
    assert.equal(faultOf(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })), 'away');
  });

  const raised: readonly (readonly [code: string, fault: StorageFault])[] = [
    ['53100', 'full'],
    ['58030', 'failing'],
    ['XX001', 'damaged'],
  ];
  for (const [code, fault] of raised) {
    test(`a turn that meets ${code} keeps nothing, and says ${fault}; the next one is as ever`, async t => {
      const { url, servers } = await newServers(t, 1);
      const [storage] = servers;
      assert.ok(storage);
      await keep(storage, ROOM, [post('fits')]);
      const client = await connectTo(t, url);
      await client.query(`CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'so it is' USING ERRCODE = '${code}', DETAIL = 'what was said'; END $$`);
      await client.query(
        `CREATE TRIGGER fails BEFORE INSERT ON message FOR EACH ROW WHEN (new.text = 'too much') EXECUTE FUNCTION fails()`,
      );
      await assert.rejects(keep(storage, ROOM, [post('too much')]), (error: unknown) => {
        assert.doesNotMatch(String(error), /what was said/);
        return isFault(fault)(error);
      });
      await keep(storage, ROOM, [post('fits again')]);
      const { messages } = await storage.snapshot(ROOM);
      assert.deepEqual(
        messages.map(({ text }) => text),
        ['fits', 'fits again'],
      );
    });
  }

  test('a server that only reads is told as one', async t => {
    const { url, servers } = await newServers(t, 1);
    await keep(servers[0] ?? assert.fail(), ROOM, [post('hello')]);
    const client = await connectTo(t, url);
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    await client.query(`ALTER DATABASE "${rows[0]?.name}" SET default_transaction_read_only = on`);
    const storage = await openAt(t, url);
    assert.equal((await storage.snapshot(ROOM)).seq, 1);
    await assert.rejects(keep(storage, ROOM, [post('again')]), isFault('unwritable'));
    await assert.rejects(storage.tryWriting(), isFault('unwritable'));
  });

  test('a server that stops in the middle of a turn loses it, and the room is free', async t => {
    const { servers } = await newServers(t, 2, { patience: { idle: 200, lock: 3_000 } });
    const [hanging, other] = servers;
    assert.ok(hanging && other);
    await keep(other, ROOM, [post('first')]);
    let next: Promise<unknown> = Promise.resolve();
    const turn = hanging.turn(
      [{ room: ROOM, after: undefined, commands: [], undos: [], shapes: [], messages: [] }],
      () => {
        // The whole process stands still, for longer than the database lets a transaction be idle.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
        next = keep(other, ROOM, [post('second')]);
        const event = appended(post('lost'), { seq: 2, prev: 1, at: 1, by: 1, command: 'c' });
        const accepted = { person: 'ann', id: 'c', digest: 'd', seq: 2, undoable: false };
        return [{ room: ROOM, events: [event], accepted: [accepted] }];
      },
    );
    await assert.rejects(turn, isFault('away'));
    await next;
    const { messages } = await other.snapshot(ROOM);
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['first', 'second'],
    );
  });

  test('a connection that is killed in the middle of a turn costs this turn alone', async t => {
    const { url, servers } = await newServers(t, 1);
    const [storage] = servers;
    assert.ok(storage);
    await keep(storage, ROOM, [post('first')]);
    const client = await connectTo(t, url);
    await client.query(`CREATE FUNCTION dies() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN new; END $$`);
    await client.query(
      `CREATE TRIGGER dies BEFORE INSERT ON message FOR EACH ROW WHEN (new.text = 'dies') EXECUTE FUNCTION dies()`,
    );
    await assert.rejects(keep(storage, ROOM, [post('dies')]), isFault('away'));
    await keep(storage, ROOM, [post('second')]);
    assert.equal((await storage.head(ROOM)).seq, 2);
  });

  test('a turn whose connection is killed while it waits for its room is opened again, for nothing is decided', async t => {
    const { url, servers } = await newServers(t, 1);
    const [storage] = servers;
    assert.ok(storage);
    await keep(storage, ROOM, [post('first')]);
    const [client, killer] = [await connectTo(t, url), await connectTo(t, url)];
    await client.query('BEGIN');
    await client.query('SELECT FROM room FOR UPDATE');
    const kept = keep(storage, ROOM, [post('second')]);
    await someoneWaits(killer);
    await killer.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    await someoneWaits(killer);
    await client.query('COMMIT');
    await kept;
    assert.equal((await storage.head(ROOM)).seq, 2);
  });

  test('a database that goes is away, and one that comes back is used at once', async t => {
    const server = await PostgresServer.start({ durable: true });
    t.after(() => server.close());
    const storage = await openAt(t, server.url());
    await storage.putSite(site('acme'));
    await keep(storage, ROOM, [post('before')]);
    await server.stop('immediate');
    await assert.rejects(keep(storage, ROOM, [post('meanwhile')]), isFault('away'));
    await assert.rejects(storage.snapshot(ROOM), isFault('away'));
    await assert.rejects(storage.tryWriting(), isFault('away'));
    await server.startAgain();
    await keep(storage, ROOM, [post('after')]);
    const { messages } = await storage.snapshot(ROOM);
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['before', 'after'],
    );
  });
});
