import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { type Backups, type Storage, StorageError } from '../../../server/domain/storage.js';
import { newDatabase } from '../../../server/storage/sqlite/database.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { roomKey } from '../../support/room-key.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { posted } from '../../support/commands.js';
import { storageContract } from './contract.js';
import { keep, site } from './contract/home.js';

const SECRET_KEY = 'the operator keeps this one to themselves';

async function newFile(
  t: TestContext,
): Promise<{ readonly file: string; readonly open: () => Promise<Storage & Backups> }> {
  const file = join(await temporaryFolder(t), 'chalk-talk.db');
  const open = async () => {
    const storage = await openSqlite({ file, secretKey: SECRET_KEY, lockPatience: 0 });
    t.after(() => storage.close());
    return storage;
  };
  return { file, open };
}

describe('SQLite', () => {
  storageContract(newFile);

  test('it works in memory', async t => {
    const storage = await openSqlite({ file: ':memory:', secretKey: SECRET_KEY });
    t.after(() => storage.close());
    await storage.putSite(site('acme'));
    await keep(storage, roomKey('acme', 'algebra'), [posted('hello')]);
    assert.equal((await storage.head(roomKey('acme', 'algebra'))).seq, 1);
  });

  test('no file holds a secret in the clear', async t => {
    const { file, open } = await newFile(t);
    const storage = await open();
    const secret = 'correct horse battery staple, 40 bytes..';
    await storage.putSite(site('acme', { name: 'Acme' }));
    await storage.addKey({
      site: 'acme',
      kid: 'k',
      algorithm: 'HS256',
      material: Buffer.from(secret),
      forServers: false,
    });
    await storage.revokeKey('acme', 'k');
    await storage.addKey({
      site: 'acme',
      kid: 'k2',
      algorithm: 'HS256',
      material: Buffer.from(secret),
      forServers: true,
    });
    await storage.markKey('acme', 'k2', false);
    await storage.backup(join(file, '..', 'backup.db'));
    const everything = async () => {
      const folder = join(file, '..');
      const files = await Promise.all((await readdir(folder)).map(name => readFile(join(folder, name))));
      return Buffer.concat(files);
    };
    const encodings = (['base64', 'base64url', 'hex'] as const).map(encoding => Buffer.from(secret).toString(encoding));
    const forms = [secret, ...encodings.map(text => text.slice(0, 40)), SECRET_KEY];
    const opened = await everything();
    await storage.close();
    const closed = await everything();
    for (const bytes of [opened, closed]) {
      assert.ok(bytes.includes('Acme'), 'the site is in these files');
      for (const form of forms) assert.equal(bytes.includes(form), false);
    }
  });

  test('another secret key opens nothing, and says so', async t => {
    const { file, open } = await newFile(t);
    await (await open()).close();
    await assert.rejects(openSqlite({ file, secretKey: 'another' }), { name: 'StorageError', message: /SECRET_KEY/ });
  });

  test('a second server on the same file is refused with a clear error, until the first is gone', async t => {
    const { file, open } = await newFile(t);
    const first = await open();
    await assert.rejects(open(), { name: 'StorageError', message: /Another program is using/ });
    await first.close();
    await (await open()).close();

    // And in a process of its own, which dies without closing: what it held is free, and what it
    // kept is there.
    const script = `
      import { openSqlite } from ${JSON.stringify(new URL('../../../server/storage/sqlite/open-sqlite.js', import.meta.url))};
      const storage = await openSqlite({ file: ${JSON.stringify(file)}, secretKey: ${JSON.stringify(SECRET_KEY)} });
      await storage.putSite({ id: 'acme', name: 'Acme', origins: [], guests: {}, limits: {}, retentionDays: null, strokeTimes: true });
      console.log('open');`;
    const program = join(file, '..', 'other-server.mjs');
    await writeFile(program, script);
    const other = spawn(process.execPath, [program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => other.kill('SIGKILL'));
    await once(other.stdout, 'data');
    await assert.rejects(open(), { name: 'StorageError', message: /Another program is using/ });
    const gone = once(other, 'exit');
    other.kill('SIGKILL');
    await gone;
    assert.equal((await (await open()).sites()).sites[0]?.id, 'acme');
  });

  test('a file that is no database is refused', async t => {
    const { file, open } = await newFile(t);
    await writeFile(file, 'This is a letter to a friend, and no database at all.'.repeat(100));
    await assert.rejects(open(), StorageError);
  });

  test('the database of a newer program is refused', async t => {
    const { file, open } = await newFile(t);
    await (await open()).close();
    const database = newDatabase(file);
    database.pragma('user_version = 1000');
    database.close();
    await assert.rejects(open(), { name: 'StorageError', message: /newer program/ });
  });

  test('a full disk fails the turn and nothing else', async t => {
    const { file, open } = await newFile(t);
    await (await open()).close();
    const database = newDatabase(file);
    database.exec(`CREATE TRIGGER full BEFORE INSERT ON message WHEN new.text = 'too much'
      BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`);
    database.close();
    const storage = await open();
    await storage.putSite(site('acme'));
    const room = roomKey('acme', 'algebra');
    await keep(storage, room, [posted('fits')]);
    const failed = keep(storage, room, [posted('too much')]);
    await assert.rejects(failed, { name: 'StorageError', message: /disk is full/ });
    await keep(storage, room, [posted('fits again')]);
    assert.deepEqual(
      (await storage.snapshot(room)).messages.map(({ text }) => text),
      ['fits', 'fits again'],
    );
  });
});
