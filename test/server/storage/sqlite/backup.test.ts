import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import {
  type AcceptedCommand,
  type Backups,
  type Storage,
  StorageClosedError,
} from '../../../../server/domain/storage.js';
import { openSqlite } from '../../../../server/storage/sqlite/open-sqlite.js';
import { roomKey } from '../../../support/room-key.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { keep, look, site } from '../contract/home.js';
import { posted } from '../../../support/commands.js';

const SECRET_KEY = 'the operator keeps this one to themselves';
const ROOMS = ['algebra', 'logic', 'music'].map(name => roomKey('acme', name));
/** Every event, in order. */
const ALL = 1_000_000;

async function open(t: TestContext, file: string): Promise<Storage & Backups> {
  const storage = await openSqlite({ file, secretKey: SECRET_KEY, lockPatience: 0 });
  t.after(() => storage.close());
  return storage;
}

/** A storage with so much in it that copying it takes many steps. */
async function openFilled(t: TestContext): Promise<{ readonly storage: Storage & Backups; readonly folder: string }> {
  const folder = await temporaryFolder(t);
  const storage = await open(t, join(folder, 'chalk-talk.db'));
  await storage.putSite(site('acme'));
  const much = Array.from({ length: 700 }, () => posted('x'.repeat(4_000)));
  for (const room of ROOMS) await keep(storage, room, much);
  return { storage, folder };
}

/** Does something again and again until `work` is over. */
async function whileGoing(work: Promise<void>, something: () => Promise<void>): Promise<void> {
  const going = { is: true };
  const over = work.finally(() => (going.is = false));
  while (going.is) await something();
  await over;
}

test('a backup has all that was acknowledged before it began, and of each timeline a beginning', async t => {
  const { storage, folder } = await openFilled(t);
  const file = join(folder, 'backup.db');
  const acknowledged: AcceptedCommand[] = [];
  const speak = async () => {
    for (const room of ROOMS) {
      const { accepted } = await keep(storage, room, [posted('hello')]);
      if (room === ROOMS[0]) acknowledged.push(accepted);
    }
  };
  await speak();
  const before = await Promise.all(ROOMS.map(room => storage.head(room)));
  const acknowledgedBefore = [...acknowledged];

  let rounds = 0;
  await whileGoing(storage.backup(file), async () => {
    await speak();
    rounds += 1;
  });
  assert.ok(rounds > 1, `${rounds} rounds of turns went on meanwhile`);
  const live = await Promise.all(ROOMS.map(room => storage.tail(room, 0, ALL)));
  await storage.close();

  const copy = await open(t, file);
  for (const [index, room] of ROOMS.entries()) {
    const { epoch, seq } = await copy.head(room);
    const events = await copy.tail(room, 0, ALL);
    assert.ok(seq >= (before[index]?.seq ?? ALL), 'nothing that was acknowledged is missing');
    assert.equal(epoch, before[index]?.epoch);
    assert.deepEqual(events, live[index]?.slice(0, seq));
    assert.equal((await copy.snapshot(room)).messages.at(-1)?.seq, seq);
  }
  const first = ROOMS[0] ?? assert.fail();
  assert.deepEqual((await look(copy, first, { commands: acknowledgedBefore })).accepted, acknowledgedBefore);
});

test('the file is there when it is complete, and not before', async t => {
  const { storage, folder } = await openFilled(t);
  const file = join(folder, 'backup.db');
  let seenPart = false;
  await whileGoing(storage.backup(file), async () => {
    await storage.head(ROOMS[0] ?? assert.fail());
    seenPart = seenPart || existsSync(`${file}.part`);
    assert.ok(!existsSync(file) || !existsSync(`${file}.part`));
  });
  assert.ok(seenPart);
  assert.deepEqual(
    (await readdir(folder)).filter(name => name.startsWith('backup')),
    ['backup.db'],
  );
});

test('a backup replaces no file, and one that fails leaves none', async t => {
  const { storage, folder } = await openFilled(t);
  const file = join(folder, 'backup.db');
  await writeFile(file, 'precious');
  await assert.rejects(storage.backup(file), { name: 'StorageError', message: /already/ });
  await assert.rejects(storage.backup(join(folder, 'no-such-folder', 'backup.db')), { name: 'StorageError' });
  await storage.backup(join(folder, 'another.db'));
  assert.deepEqual(
    (await readdir(folder)).filter(name => name !== 'chalk-talk.db' && name !== 'chalk-talk.db-wal').sort(),
    ['another.db', 'backup.db'],
  );
});

test('what an earlier backup left unfinished does not hinder the next one', async t => {
  const { storage, folder } = await openFilled(t);
  const file = join(folder, 'backup.db');
  await writeFile(`${file}.part`, 'half of a backup');
  await storage.backup(file);
  await storage.close();
  assert.equal((await (await open(t, file)).snapshot(ROOMS[0] ?? assert.fail())).seq, 700);
});

test('closing does not wait for a backup: it is rejected, and leaves no file', async t => {
  const { storage, folder } = await openFilled(t);
  const file = join(folder, 'backup.db');
  const rejected = assert.rejects(storage.backup(file), StorageClosedError);
  await storage.close();
  await rejected;
  assert.deepEqual(
    (await readdir(folder)).filter(name => name.startsWith('backup')),
    [],
  );
  await assert.rejects(storage.backup(file), StorageClosedError);
});
