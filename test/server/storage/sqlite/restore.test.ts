import assert from 'node:assert/strict';
import { chmod, chown, copyFile, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { migrate, MIGRATIONS } from '../../../../server/storage/sqlite/migrations/index.js';
import { newDatabase } from '../../../../server/storage/sqlite/database.js';
import { openSqlite } from '../../../../server/storage/sqlite/open-sqlite.js';
import { restoreSqlite } from '../../../../server/storage/sqlite/restore.js';
import { openVault } from '../../../../server/storage/sqlite/database-secrets.js';
import { roomKey } from '../../../support/room-key.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { ANN, keep, look, site } from '../contract/home.js';
import { entered, posted } from '../../../support/commands.js';

const SECRET_KEY = 'the operator keeps this one to themselves';
const ROOM = roomKey('acme', 'algebra');
const UNTOUCHED = roomKey('acme', 'untouched');

async function open(t: TestContext, file: string) {
  const storage = await openSqlite({ file, secretKey: SECRET_KEY, lockPatience: 0 });
  t.after(() => storage.close());
  return storage;
}

/** A live database and a backup of it. */
async function backedUp(t: TestContext) {
  const folder = await temporaryFolder(t);
  const [live, from, file] = ['live.db', 'backup.db', 'restored.db'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const storage = await open(t, live);
  await storage.putSite(site('acme'));
  await storage.addKey({
    site: 'acme',
    kid: 'k',
    algorithm: 'HS256',
    material: new Uint8Array(32).fill(5),
    forServers: false,
  });
  const much = Array.from({ length: 100 }, () => posted('x'.repeat(4_000)));
  const { accepted } = await keep(storage, ROOM, much);
  await storage.backup(from);
  return { folder, live, from, file, storage, accepted };
}

test('what is restored is what was backed up, but for the epochs', async t => {
  const { from, file, storage, accepted } = await backedUp(t);
  const backup = await readFile(from);
  await restoreSqlite({ from, file, secretKey: SECRET_KEY });
  assert.deepEqual(await readFile(from), backup, 'the backup is as it was');

  const restored = await open(t, file);
  assert.deepEqual(await restored.sites(), await storage.sites());
  assert.deepEqual(await restored.keyRecords('acme'), await storage.keyRecords('acme'));
  assert.deepEqual(await restored.tail(ROOM, 0, 1_000), await storage.tail(ROOM, 0, 1_000));
  const { person, id } = accepted;
  assert.deepEqual((await look(restored, ROOM, { commands: [{ person, id }] })).accepted, [accepted]);
  for (const room of [ROOM, UNTOUCHED]) {
    const [then, now] = [await storage.head(room), await restored.head(room)];
    assert.match(now.epoch, /^[A-Za-z0-9_-]{16}$/);
    assert.notEqual(now.epoch, then.epoch);
    assert.deepEqual({ ...now, epoch: then.epoch }, then);
  }
  const { epoch } = await storage.head(ROOM);
  assert.ok((await look(restored, ROOM, { after: { epoch, seq: 100 } })).state, 'who knew the old one starts anew');
  await keep(restored, ROOM, [entered(ANN)]);
});

test("what is restored is for the server alone, and its folder's owner's where root restores", async t => {
  const { folder, from } = await backedUp(t);
  await chmod(from, 0o644);
  const data = join(folder, 'data');
  await mkdir(data);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(data, 1_234, 2_345);
  const file = join(data, 'chalk-talk.db');
  await restoreSqlite({ from, file, secretKey: SECRET_KEY });
  const { mode, uid, gid } = await stat(file);
  assert.equal(mode & 0o777, 0o600);
  const owner = await stat(data);
  assert.deepEqual({ uid, gid }, { uid: owner.uid, gid: owner.gid });
});

test('each restore leads to epochs of its own', async t => {
  const { folder, from } = await backedUp(t);
  const epochs = new Set<string>();
  for (const name of ['one.db', 'two.db']) {
    await restoreSqlite({ from, file: join(folder, name), secretKey: SECRET_KEY });
    const restored = await open(t, join(folder, name));
    for (const room of [ROOM, UNTOUCHED]) epochs.add((await restored.head(room)).epoch);
  }
  assert.equal(epochs.size, 4);
});

test('a database that is there is not overwritten, in use or not', async t => {
  const { folder, live, from, file, storage } = await backedUp(t);
  const refused = { name: 'StorageError', message: /already/ };
  await assert.rejects(restoreSqlite({ from, file: live, secretKey: SECRET_KEY }), refused);
  await storage.close();
  await assert.rejects(restoreSqlite({ from, file: live, secretKey: SECRET_KEY }), refused);
  assert.equal((await (await open(t, live)).head(ROOM)).seq, 100);
  // A log without its database would be folded into whatever database gets its name.
  await writeFile(`${file}-wal`, 'the log of another database');
  await assert.rejects(restoreSqlite({ from, file, secretKey: SECRET_KEY }), refused);
  assert.deepEqual(
    (await readdir(folder)).filter(name => name.startsWith('restored')),
    ['restored.db-wal'],
  );
});

test('what is no whole backup is refused in words, and leaves nothing behind', async t => {
  const { folder, live, from, file } = await backedUp(t);
  const copy = async (name: string, change: (path: string) => Promise<void> | void) => {
    const path = join(folder, name);
    await copyFile(from, path);
    await change(path);
    return path;
  };
  const { length } = await readFile(from);
  const changeDatabase = (sql: string) => (path: string) => {
    const database = newDatabase(path);
    database.exec(sql);
    database.close();
  };
  const damaged: readonly (readonly [path: string, said: RegExp])[] = [
    [await copy('cut.db', path => truncate(path, length >> 1)), /no whole backup/],
    [await copy('cut-in-a-page.db', path => truncate(path, length - 1_000)), /no whole backup/],
    [await copy('empty.db', path => truncate(path, 0)), /no whole backup/],
    [await copy('letter.db', path => writeFile(path, 'Dear friend, '.repeat(1_000))), /no whole backup/],
    [await copy('hole.db', path => punch(path, length >> 1)), /no whole backup/],
    [await copy('vaultless.db', changeDatabase('DELETE FROM vault')), /no whole backup/],
    [await copy('newer.db', changeDatabase('PRAGMA user_version = 1000')), /newer program/],
    [join(folder, 'not-there.db'), /can't be read/],
    [live, /in use/],
  ];
  for (const [path, message] of damaged) {
    const restored = restoreSqlite({ from: path, file, secretKey: SECRET_KEY });
    await assert.rejects(restored, { name: 'StorageError', message }, path);
  }
  await assert.rejects(restoreSqlite({ from, file, secretKey: 'another' }), {
    name: 'StorageError',
    message: /SECRET_KEY/,
  });
  assert.deepEqual(
    (await readdir(folder)).filter(name => name.startsWith('restored')),
    [],
  );
  await restoreSqlite({ from, file, secretKey: SECRET_KEY });
});

test('a backup of the first form is brought to the present one', async t => {
  const folder = await temporaryFolder(t);
  const [from, file] = [join(folder, 'backup.db'), join(folder, 'restored.db')];
  const old = newDatabase(from);
  migrate(old, MIGRATIONS.slice(0, 1));
  openVault(old, SECRET_KEY);
  old.exec(`INSERT INTO site VALUES ('acme', 'Acme', '[]', '{}', '{}');
    INSERT INTO room VALUES (1, 'acme', 'algebra', 'algebra', 'epoch-of-algebra', 1, 100);
    INSERT INTO event VALUES (1, 1, 0, 100, 1, 'c1', '{"type":"message.posted","text":"hello"}');`);
  old.close();
  await restoreSqlite({ from, file, secretKey: SECRET_KEY });
  const restored = await open(t, file);
  assert.equal((await restored.tail(ROOM, 0, 10)).length, 1);
  assert.notEqual((await restored.head(ROOM)).epoch, 'epoch-of-algebra');
});

/** Overwrites a page in the middle of a file. */
async function punch(path: string, where: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.fill(0xa5, where, where + 8_192);
  await writeFile(path, bytes);
}
