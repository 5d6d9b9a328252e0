import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { RefusedError } from '../../../../protocol/errors.js';
import { createLog } from '../../../../server/log.js';
import { systemClock } from '../../../../server/clock.js';
import { Readiness } from '../../../../server/readiness.js';
import { guarded } from '../../../../server/storage/guarded-storage.js';
import { StorageFaultError } from '../../../../server/storage/storage-fault.js';
import { StorageHealth } from '../../../../server/storage/storage-health.js';
import { someoneWaits } from '../../../support/postgres-locks.js';
import { roomKey } from '../../../support/room-key.js';
import { keep, site, appended } from '../contract/home.js';
import { posted } from '../../../support/commands.js';
import { connectTo, newServers } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');
const post = (text: string) => posted(text);

function isBusy(error: unknown): true {
  assert.ok(error instanceof StorageFaultError, String(error));
  assert.equal(error.fault, 'busy');
  return true;
}

describe('what is busy', () => {
  test('a room that somebody does not let go of is waited for a while', async t => {
    const { url, servers } = await newServers(t, 1, { patience: { lock: 50, statement: 60_000, answer: 90_000 } });
    const [storage] = servers;
    assert.ok(storage);
    await keep(storage, ROOM, [post('first')]);
    const client = await connectTo(t, url);
    await client.query('BEGIN');
    await client.query('SELECT FROM room FOR UPDATE');
    await assert.rejects(keep(storage, ROOM, [post('waits')]), isBusy);
    await client.query('ROLLBACK');
    await keep(storage, ROOM, [post('goes on')]);
    assert.equal((await storage.head(ROOM)).seq, 2);
  });

  test('a room is taken from a server that hangs while another one waits for it', async t => {
    const { url, servers } = await newServers(t, 1, { patience: { lock: 600 } });
    const [storage] = servers;
    assert.ok(storage);
    await keep(storage, ROOM, [post('first')]);
    const hanging = await connectTo(t, url);
    await hanging.query('SET idle_in_transaction_session_timeout = 1000');
    await hanging.query('BEGIN');
    await hanging.query('SELECT FROM room FOR UPDATE');
    await keep(storage, ROOM, [post('second')]);
    assert.equal((await storage.head(ROOM)).seq, 2);
  });

  test('who reads while others use all connections is told that it is busy, and the server itself has its own', async t => {
    const patience = { lock: 20_000, statement: 20_000, connect: 500, answer: 30_000 };
    const { url, servers } = await newServers(t, 1, { poolSize: 2, patience });
    const [storage] = servers;
    assert.ok(storage);
    await keep(storage, ROOM, [post('first')]);
    const client = await connectTo(t, url);
    await client.query('BEGIN');
    await client.query('LOCK TABLE shape');
    const reading = storage.snapshot(ROOM);
    await someoneWaits(await connectTo(t, url));
    const waiting = storage.head(ROOM);
    const isTold = assert.rejects(waiting, isBusy);
    assert.deepEqual(await storage.keyRecords('acme'), []);
    await storage.tryWriting();
    await storage.putSite(site('acme', { name: 'Acme' }));
    assert.equal((await storage.sites()).sites[0]?.name, 'Acme');
    await isTold;
    await client.query('COMMIT');
    assert.equal((await reading).seq, 1);
  });

  test('however many read, turns find a connection', async t => {
    const patience = { lock: 20_000, statement: 20_000, connect: 20_000, answer: 30_000 };
    const { url, servers } = await newServers(t, 1, { poolSize: 4, patience });
    const [storage] = servers;
    assert.ok(storage);
    await keep(storage, ROOM, [post('first')]);
    const after = { epoch: (await storage.head(ROOM)).epoch, seq: 1 };
    const client = await connectTo(t, url);
    await client.query('BEGIN');
    await client.query('LOCK TABLE shape');
    const reading = Array.from({ length: 8 }, () => storage.snapshot(ROOM));
    await someoneWaits(await connectTo(t, url));
    await storage.turn([{ room: ROOM, after, commands: [], undos: [], shapes: [], messages: [] }], () => {
      const event = appended(post('second'), { seq: 2, prev: 1, at: 1, by: 1, command: 'c' });
      return [{ room: ROOM, events: [event], accepted: [] }];
    });
    await client.query('COMMIT');
    assert.equal((await Promise.all(reading)).length, 8);
    assert.equal((await storage.head(ROOM)).seq, 2);
  });

  test('whose room is held is told to come again, while the server is ready and keeps what belongs elsewhere', async t => {
    const { url, servers } = await newServers(t, 1, { patience: { lock: 100 } });
    const [storage] = servers;
    assert.ok(storage);
    const log = createLog('info', { write: () => undefined });
    const health = new StorageHealth({ storage, sideBySide: true, clock: systemClock, log });
    t.after(() => health.close());
    const guard = guarded(storage, health);
    const readiness = new Readiness(guard, systemClock, health);
    const other = roomKey('acme', 'logic');
    for (const room of [ROOM, other]) await keep(guard, room, [post('first')]);
    const client = await connectTo(t, url);
    await client.query('BEGIN');
    await client.query(`SELECT FROM room WHERE name = 'algebra' FOR UPDATE`);
    await assert.rejects(keep(guard, ROOM, [post('waits')]), (refusal: unknown) => {
      return refusal instanceof RefusedError && refusal.code === 'unavailable' && refusal.retryAfter !== undefined;
    });
    assert.equal(health.trouble, undefined);
    assert.equal((await readiness.report()).ready, true);
    const second = keep(guard, ROOM, [post('waits')]);
    const refused = assert.rejects(second, RefusedError);
    await someoneWaits(await connectTo(t, url));
    await keep(guard, other, [post('second')]);
    await refused;
    await client.query('COMMIT');
    await keep(guard, ROOM, [post('second')]);
    assert.equal((await guard.head(ROOM)).seq, 2);
  });
});
