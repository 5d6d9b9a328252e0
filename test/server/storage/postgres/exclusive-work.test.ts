import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { StorageClosedError } from '../../../../server/domain/storage.js';
import type { PostgresStorage } from '../../../../server/storage/postgres/postgres-storage.js';
import { StorageFaultError } from '../../../../server/storage/storage-fault.js';
import { PATIENCE, until } from '../../../support/patience.js';
import { advisoryLockHolder } from '../../../support/postgres-locks.js';
import { roomKey } from '../../../support/room-key.js';
import { connectTo, newServers } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');

/** Something that a test lets happen. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>(resolve => (open = resolve));
  return { opened, open };
}

/**
 * Asks until it is refused. That a connection is lost is heard a moment after it was, by when
 * another server may have its turn.
 */
async function askUntilRefused(storage: PostgresStorage): Promise<never> {
  const isServed = () => storage.head(ROOM).then(() => false);
  await until(PATIENCE, isServed, () => 'Who has lost the turn is still served.');
  assert.fail('It was never served.');
}

describe('work that one server may do at a time', () => {
  test('it is done by one after the other, and other work goes on beside it', async t => {
    const { servers } = await newServers(t, 2);
    const [here, there] = servers;
    assert.ok(here && there);
    const [began, end] = [gate(), gate()];
    const order: string[] = [];
    const first = here.exclusively('sweeping', async () => {
      began.open();
      await end.opened;
      order.push('first');
    });
    await began.opened;
    const second = there.exclusively('sweeping', async () => {
      order.push('second');
      return there.head(ROOM);
    });
    await there.exclusively('washing', () => Promise.resolve(order.push('other')));
    end.open();
    await first;
    assert.equal((await second).seq, 0);
    assert.deepEqual(order, ['other', 'first', 'second']);
  });

  test('a server that loses the database loses its turn: the next one begins, and it itself is refused', async t => {
    const { url, servers } = await newServers(t, 2);
    const [here, there] = servers;
    assert.ok(here && there);
    const [began, second] = [gate(), gate()];
    const refused = here.exclusively('sweeping', async () => {
      began.open();
      await second.opened;
      return askUntilRefused(here);
    });
    await began.opened;
    const client = await connectTo(t, url);
    await client.query('SELECT pg_terminate_backend($1)', [await advisoryLockHolder(client)]);
    await there.exclusively('sweeping', () => {
      second.open();
      return Promise.resolve();
    });
    await assert.rejects(refused, (fault: unknown) => fault instanceof StorageFaultError && fault.fault === 'away');
    assert.equal((await here.head(ROOM)).seq, 0, 'whoever does no such work is served');
  });

  test('a storage that closes waits for no turn, and refuses what the work still asks', async t => {
    const { servers } = await newServers(t, 2);
    const [here, there] = servers;
    assert.ok(here && there);
    const [began, closed] = [gate(), gate()];
    const working = here.exclusively('sweeping', async () => {
      began.open();
      await closed.opened;
      return here.head(ROOM);
    });
    await began.opened;
    const waiting = there.exclusively('sweeping', () => Promise.resolve());
    await Promise.all([here.close(), there.close()]);
    closed.open();
    await assert.rejects(working, StorageClosedError);
    await assert.rejects(waiting, StorageClosedError);
    await assert.rejects(
      here.exclusively('sweeping', () => Promise.resolve()),
      StorageClosedError,
    );
  });

  test('what the work has set going and left behind is done as ever, though the turn was lost', async t => {
    const { url, servers } = await newServers(t, 1);
    const [here] = servers;
    assert.ok(here);
    const client = await connectTo(t, url);
    const later = gate();
    let left: Promise<string> = Promise.resolve('nothing');
    await here.exclusively('sweeping', async () => {
      left = later.opened.then(() => here.siteChanges());
      await client.query('SELECT pg_terminate_backend($1)', [await advisoryLockHolder(client)]);
      await assert.rejects(askUntilRefused(here), StorageFaultError);
    });
    later.open();
    assert.equal(await left, await here.siteChanges());
  });
});
