import assert from 'node:assert/strict';
import { access, chmod, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import type { Append } from '../../../../server/domain/storage.js';
import { FileBackups } from '../../../../server/storage/file-backups.js';
import { restore } from '../../../../server/storage/transfer/transfer.js';
import { someoneWaits } from '../../../support/postgres-locks.js';
import { roomKey } from '../../../support/room-key.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { keep, site, appended } from '../contract/home.js';
import { posted } from '../../../support/commands.js';
import { connected, contentOf, filled, newFile, newPostgres, open, SECRET_KEY } from './databases.js';
import { LARGE, SMALL, UNTOUCHED } from './everything.js';

const ROOMS = [LARGE, SMALL, UNTOUCHED];

/** Rows without the epochs, and what they are derived from. */
async function restOf(place: Parameters<typeof contentOf>[0]) {
  const { epoch_seed: _seed, room = [], ...rest } = await contentOf(place);
  return { ...rest, room: room.map(row => row.replace(/"[\w-]{16}",/, '"",')) };
}

async function newBackup(t: TestContext): Promise<string> {
  return join(await temporaryFolder(t), 'backup.db');
}

test('a backup of PostgreSQL is restored to both engines, with new epochs', async t => {
  const live = await filled(t, await newPostgres(t));
  const storage = await open(t, live);
  const from = await newBackup(t);
  await storage.backup(from);
  const heads = await Promise.all(ROOMS.map(room => storage.head(room)));
  await storage.close();
  const bytes = await readFile(from);
  const epochs = new Set(heads.map(({ epoch }) => epoch));
  for (const to of [await newPostgres(t), await newPostgres(t), await newFile(t)]) {
    await restore({ from, to, secretKey: SECRET_KEY });
    assert.deepEqual(await restOf(to), await restOf(live));
    const restored = await open(t, to);
    for (const [index, room] of ROOMS.entries()) {
      const head = await restored.head(room);
      assert.match(head.epoch, /^[A-Za-z0-9_-]{16}$/);
      assert.ok(!epochs.has(head.epoch));
      epochs.add(head.epoch);
      assert.deepEqual({ ...head, epoch: '' }, { ...heads[index], epoch: '' });
    }
    await keep(restored, LARGE, [posted('goes on')]);
  }
  assert.deepEqual(await readFile(from), bytes, 'the backup is as it was');
});

test('a backup of SQLite is restored to PostgreSQL', async t => {
  const live = await filled(t, await newFile(t));
  const storage = await open(t, live);
  const from = await newBackup(t);
  await storage.backup(from);
  await storage.close();
  const to = await newPostgres(t);
  await restore({ from, to, secretKey: SECRET_KEY });
  assert.deepEqual(await restOf(to), await restOf(live));
});

test('a backup is of one moment, whatever is kept while it is made', async t => {
  const live = await newPostgres(t);
  const storage = await open(t, live);
  await storage.putSite(site('acme'));
  const rooms = ['a', 'b', 'c'].map(name => roomKey('acme', name));
  let seq = 0;
  const turn = () => {
    const append = (room: (typeof rooms)[number]): Append => {
      const event = { seq, prev: seq - 1, at: seq, by: 1, command: `command ${seq}` } as const;
      return { room, events: [appended(posted(`${seq}`), { ...event })], accepted: [] };
    };
    seq += 1;
    const nothing = { after: undefined, commands: [], undos: [], shapes: [], messages: [] };
    return storage.turn(
      rooms.map(room => ({ room, ...nothing })),
      () => rooms.map(append),
    );
  };
  await turn();
  // It reads the tables one after the other: while it waits for this one, rooms and what is in them
  // go on.
  const client = await connected(t, live);
  await client.query('BEGIN; LOCK TABLE revocation IN ACCESS EXCLUSIVE MODE');
  const from = await newBackup(t);
  const backup = storage.backup(from);
  await someoneWaits(client);
  for (let turns = 0; turns < 10; turns += 1) await turn();
  await client.query('COMMIT');
  await backup;

  const to = await newFile(t);
  await restore({ from, to, secretKey: SECRET_KEY });
  const copy = await open(t, to);
  for (const room of rooms) {
    assert.equal((await copy.head(room)).seq, 1);
    assert.equal((await copy.tail(room, 0, 100)).length, 1);
    assert.equal((await storage.head(room)).seq, 11);
  }
});

test('a backup that nobody has any use for is cut off, and so is one by the end of the server', async t => {
  const live = await filled(t, await newPostgres(t));
  const client = await connected(t, live);
  const storage = await open(t, live);
  const begin = async () => {
    await client.query('BEGIN; LOCK TABLE message IN ACCESS EXCLUSIVE MODE');
    const from = await newBackup(t);
    const backup = storage.backup(from);
    backup.catch(() => undefined);
    await someoneWaits(client);
    return { from, backup };
  };
  const unwanted = await begin();
  await rm(`${unwanted.from}.part`);
  await client.query('COMMIT');
  await assert.rejects(unwanted.backup, { name: 'StorageError', message: /was removed/ });

  const late = await begin();
  const closed = storage.close();
  await assert.rejects(late.backup, { name: 'StorageError', message: /closing/ });
  await closed;
  await client.query('COMMIT');
  await assert.rejects(access(late.from));
  // Its thread was ended as it was: had it been waited for, it would have tidied up.
  await access(`${late.from}.part`);
  await assert.rejects(storage.backup(late.from), { name: 'StorageError', message: /closing/ });
});

test('a backup goes into a new file that nobody else can read; why there is none is said without the password', async t => {
  const live = await filled(t, await newPostgres(t));
  const backups = new FileBackups(live.url);
  t.after(() => backups.close());
  const from = await newBackup(t);
  await backups.backup(from);
  assert.equal((await stat(from)).mode & 0o777, 0o600);
  await assert.rejects(backups.backup(from), { name: 'StorageError', message: /already/ });
  const away = new FileBackups('postgres://me:hush@127.0.0.1:1/chalk');
  await assert.rejects(away.backup(join(from, '..', 'other.db')), fault => {
    assert.match(String(fault), /ECONNREFUSED/);
    assert.doesNotMatch(String(fault), /hush/);
    return true;
  });
  assert.deepEqual(await readdir(join(from, '..')), ['backup.db']);
});

test('what is no whole backup of this secret key is not restored, nor anything to where something is', async t => {
  const live = await filled(t, await newPostgres(t));
  const backups = new FileBackups(live.url);
  t.after(() => backups.close());
  const from = await newBackup(t);
  await backups.backup(from);
  const to = await newPostgres(t);
  const copies = async () => (await readdir(tmpdir())).filter(name => name.startsWith('chalk-talk-restore-'));
  const before = await copies();
  await chmod(from, 0o644);
  const refused = (message: RegExp) => ({ name: 'StorageError', message });
  await assert.rejects(restore({ from, to, secretKey: 'another' }), refused(/SECRET_KEY/));
  await assert.rejects(restore({ from: `${from}.db`, to, secretKey: SECRET_KEY }), refused(/can't be read/));
  await assert.rejects(restore({ from, to: live, secretKey: SECRET_KEY }), refused(/already/));
  await restore({ from, to, secretKey: SECRET_KEY });
  assert.deepEqual(await restOf(to), await restOf(live));
  assert.deepEqual(await copies(), before);
});
