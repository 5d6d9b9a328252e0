/**
 * Connections to PostgreSQL that are lost while somebody reads are no matter of those who write.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { StorageFaultError } from '../../../server/storage/storage-fault.js';
import { meddling } from '../../support/meddling.js';
import { someoneWaits } from '../../support/postgres-locks.js';
import { newPostgresDatabase } from '../../support/postgres-server.js';
import { succeeded } from '../../support/talker.js';
import { connectTo } from '../storage/postgres/two-servers.js';
import { post } from '../../support/commands.js';
import { startGroup } from './node-group.js';

/** So many that not all of them wait behind the first one. */
const ROOMS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

test('while one turn waits, the others are kept, though whatever is read fails', async t => {
  const database = await newPostgresDatabase(t);
  let isAway = false;
  const unlessAway = async <Value>(read: () => Promise<Value>): Promise<Value> => {
    if (isAway) throw new StorageFaultError('away');
    return read();
  };
  const [node] = await startGroup(t, {
    count: 1,
    database,
    before: storage =>
      meddling(storage, {
        heads: rooms => unlessAway(() => storage.heads(rooms)),
        siteChanges: () => unlessAway(() => storage.siteChanges()),
        keyRecords: site => unlessAway(() => storage.keyRecords(site)),
      }),
  });
  assert.ok(node);
  const ann = await node.enter({ person: 'ann', rooms: { '*': 'member' } });
  for (const room of ROOMS) {
    await ann.join(room);
    await ann.post(room, 'before');
  }
  const [client, witness] = [await connectTo(t, database), await connectTo(t, database)];
  await client.query('BEGIN');
  await client.query(`SELECT FROM room WHERE name = 'one' FOR UPDATE`);
  isAway = true;
  assert.equal((await fetch(`${node.url}/readyz`)).status, 503);
  const say = (room: string) => {
    const body = post('meanwhile');
    return ann.ask('command', { room, id: `${room}-meanwhile`.padEnd(16, '-'), body });
  };
  const [first = '', ...others] = ROOMS;
  const waiting = say(first);
  await someoneWaits(witness);
  succeeded(await Promise.race(others.map(say)));
  isAway = false;
  await client.query('COMMIT');
  succeeded(await waiting);
  assert.equal((await fetch(`${node.url}/readyz`)).status, 200);
});
